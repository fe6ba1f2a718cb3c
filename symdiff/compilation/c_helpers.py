"""C functions that math.h lacks, as the rows of the table compute them; included in generated C where they are called."""

from __future__ import annotations

__all__ = ["HELPERS"]

HELPERS = {
    "sd_pow": """
/* A real power: nan stays nan, also in nan^0 and 1^nan. */
static inline double sd_pow(double base, double exponent) {
    return base != base || exponent != exponent ? NAN : pow(base, exponent);
}
""",
    "sd_mod": """
/* The remainder with the sign of the divisor: u - v*floor(u/v). */
static inline double sd_mod(double u, double v) {
    double r = fmod(u, v);
    if (r != 0.0 && (r < 0.0) != (v < 0.0)) r += v;
    return r == 0.0 ? copysign(0.0, v) : r;
}
""",
    "sd_sigmoid": """
/* 1/(1 + exp(-u)) without overflow. */
static inline double sd_sigmoid(double u) {
    double small = exp(-fabs(u));
    return u >= 0.0 ? 1.0 / (1.0 + small) : small / (1.0 + small);
}
""",
    "sd_erfi": """
/* The Maclaurin series of erfi: every term has one sign. */
static double sd_erfi(double u) {
    double term = u, total = u;
    for (int k = 1; fabs(term) > 1e-17 * fabs(total) && !isinf(total); k++) {
        term *= u * u / k;
        total += term / (2 * k + 1);
    }
    return 1.1283791670955126 * total;
}
""",
    "sd_polygamma": """
/* The derivatives of digamma right of 0: recurrence up to u >= 16, then the asymptotic series (Abramowitz and Stegun 6.4.11). */
static double sd_polygamma_right(int n, double u) {
    static const double bernoulli[] = {1.0/6, -1.0/30, 1.0/42, -1.0/30, 5.0/66, -691.0/2730, 7.0/6, -3617.0/510};
    double shift = 0.0, series, sign = n % 2 ? 1.0 : -1.0, factorial = tgamma(n + 1.0);
    for (; u < 16.0; u += 1.0) shift += sign * factorial / pow(u, n + 1);
    double r = 1.0 / u;
    if (n == 0) {
        series = log(u) - r / 2;
        for (int k = 1; k <= 8; k++) series -= bernoulli[k - 1] * pow(r, 2 * k) / (2 * k);
        return series + shift;
    }
    series = tgamma(n) * pow(r, n) + factorial * pow(r, n + 1) / 2;
    for (int k = 1; k <= 8; k++) series += bernoulli[k - 1] * exp(lgamma(2.0 * k + n) - lgamma(2.0 * k + 1)) * pow(r, 2 * k + n);
    return sign * series + shift;
}

/* Left of 0 by psi_n(u) = (-1)^n psi_n(1 - u) - pi d^n/du^n cot(pi u); the derivatives of cot are polynomials in cot. */
static double sd_polygamma(double order, double u) {
    const double pi = 3.141592653589793;
    if (order < 0.0 || order != floor(order) || u != u || (u <= 0.0 && u == floor(u)) || order > 170.0) return NAN;
    int n = (int)order;
    if (u > 0.0) return sd_polygamma_right(n, u);
    double cot = 1.0 / tan(pi * (u - rint(u))), p[174] = {0.0, 1.0}, q[174];
    for (int step = 0; step < n; step++) {
        int size = step + 2;
        for (int k = 0; k <= size; k++)
            q[k] = -pi * ((k + 1 < size ? (k + 1) * p[k + 1] : 0.0) + (k >= 1 && k - 1 < size ? (k - 1) * p[k - 1] : 0.0));
        for (int k = 0; k <= size; k++) p[k] = q[k];
    }
    double total = 0.0;
    for (int k = n + 1; k >= 0; k--) total = total * cot + p[k];
    return (n % 2 ? -1.0 : 1.0) * sd_polygamma_right(n, 1.0 - u) - pi * total;
}
""",
    "sd_digamma": """
static double sd_digamma(double u) { return sd_polygamma(0.0, u); }
""",
}
NEEDS = {"sd_digamma": ("sd_polygamma",)}
