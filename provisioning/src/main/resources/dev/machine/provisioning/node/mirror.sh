# Has apt ask a mirror from here on: mirror.sh FOLDER LIST CONFIGURATION
parts=$1/parts; mkdir -p "$parts" "$1/lists/partial"; rm -f "$parts"/*
# An engine of another maker has its own repository beside.
[ ! -e "$2" ] || cp "$2" "$parts/"
export APT_CONFIG="$3"
