# Removes what a removed engine left behind. Runs after restore.sh.
while read -r state mode owner folder; do
    relink "$folder"
    case $folder in /var/lib/*|/opt/*)
        case $state in
            absent) rm -rf --one-file-system "$folder" ;;
            empty) find "$folder/." -xdev -mindepth 1 -delete ;;
        esac ;;
    esac
    if [ "$state" != absent ] && [ -d "$folder" ]; then chmod "$mode" "$folder"; chown "$owner" "$folder"; fi
done <"$original/folders"
if [ -f "$original/group" ] && ! grep -q '^docker:' "$original/group"; then
    groupdel docker 2>/dev/null || true
    # If the group file is as it was, its backup is restored, too.
    if cmp -s /etc/group "$original/group" && cmp -s /etc/gshadow "$original/gshadow"; then
        for file in group- gshadow-; do if [ -f "$original/$file" ]; then cp -p "$original/$file" "/etc/$file"; fi; done
    fi
fi
ip link delete docker0 2>/dev/null || true
