# Removes machine's own files on the node, last. Runs after restore.sh.
rm -f /run/machine-* "$here/managed.json" "$here/pair.sha256" /var/log/machine-install.log /var/log/machine-restart.log
folders=$(sed -n 's/^absent - - //p' "$original/folders")
rm -rf "$here"
for folder in $folders; do case $folder in /etc/*) rmdir "$folder" 2>/dev/null || true ;; esac; done
