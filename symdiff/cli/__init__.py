"""The command `symdiff`: one module for the arguments, one for each subcommand, imported when it is called."""
