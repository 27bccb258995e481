# Keeps the state of a node in the folder ORIGINAL, unless that was done before: snapshot.sh ORIGINAL ENGINE FOLDERS FILES
# ENGINE is yes if there is an engine, whose packages must stay. FOLDERS and FILES are lists of paths without spaces.
# Runs after the functions of PackageManager, engine_enabled and engine_active.
original=$1 engine=$2 folders=$3 files=$4
if [ ! -d "$original" ]; then (
    new=$original.new; rm -rf "$new"
    for folder in $folders; do
        if [ ! -d "$folder" ]; then echo "absent - - $folder"
        else echo "$([ -n "$(ls -A "$folder")" ] && echo full || echo empty) $(stat -Lc '%a %u:%g' "$folder") $folder"; fi
    done >/run/machine-folders
    mkdir -p /etc/docker/machine; umask 077; mkdir -p "$new/files"; mv /run/machine-folders "$new/folders"
    for file in $files; do
        if [ -f "$file" ]; then mkdir -p "$new/files${file%/*}"; cp -L --preserve=all "$file" "$new/files$file" 2>/dev/null || cp -Lp "$file" "$new/files$file"; fi
    done
    # Of a link, its target and the content there are kept.
    for path in $folders $files; do if [ -L "$path" ]; then echo "$path $(readlink "$path")"; fi; done >"$new/links"
    if [ "$engine" = yes ]; then
        engine_enabled >"$new/enabled"
        engine_active >"$new/active"
    elif packages_are_known; then
        cp -p /etc/group /etc/group- /etc/gshadow /etc/gshadow- "$new/" 2>/dev/null || true
        installed_packages >"$new/packages-before"
        configured_packages >"$new/packages-configured"
    fi
    mv "$new" "$original"
); fi
