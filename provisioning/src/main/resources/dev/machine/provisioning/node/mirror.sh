# Makes apt use a mirror from here on: mirror.sh FOLDER LIST CONFIGURATION
parts=$1/parts; mkdir -p "$parts" "$1/lists/partial"; rm -f "$parts"/*
# Docker's own repository is used beside it.
[ ! -e "$2" ] || cp "$2" "$parts/"
export APT_CONFIG="$3"
