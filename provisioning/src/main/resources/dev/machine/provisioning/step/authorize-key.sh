# Adds the public key $1 to the authorized keys of the current user. Runs after place.sh.
# shellcheck disable=SC2088 # the tilde is for a person
line=$1; cd || exit; file=.ssh/authorized_keys
for link in .ssh "$file"; do
    if [ -L "$link" ] && [ ! -e "$link" ]; then echo "~/$link is a link to $(readlink "$link"), which is not there" >&2; exit 74; fi
done
if [ -e "$file" ] && [ ! -f "$file" ]; then echo "~/$file is no regular file" >&2; exit 74; fi
# Keeps the old modes for `rm --purge`.
if [ ! -e .ssh ]; then
    rm -rf .ssh.machine; mkdir -m 700 .ssh.machine; echo "absent absent" >.ssh.machine/machine-before; mv .ssh.machine .ssh
elif [ ! -f .ssh/machine-before ]; then
    echo "$(stat -Lc %a .ssh) $(stat -Lc %a "$file" 2>/dev/null || echo absent)" \
        "$([ ! -s "$file" ] || [ -z "$(tail -c1 "$file")" ] || echo cut)" >.ssh/machine-before.new
    mv .ssh/machine-before.new .ssh/machine-before
fi
# sshd ignores keys that others can change (sshd_config(5), StrictModes).
case $(stat -Lc %a .ssh) in *[2367][0-7]|*[2367]) chmod go-w .ssh ;; esac
[ -e "$file" ] || (umask 077; : >"$file")
if ! grep -qxF "$line" "$file"; then
    # A last line without a newline would be joined with ours.
    end=$([ ! -s "$file" ] || [ -z "$(tail -c1 "$file")" ] || echo cut)
    if [ -w "$file" ]; then { [ -z "$end" ] || echo; printf '%s\n' "$line"; } >>"$file"
    else { cat "$file"; [ -z "$end" ] || echo; printf '%s\n' "$line"; } | place "$file" 0600; fi
fi
case $(stat -Lc %a "$file") in *[2367][0-7]|*[2367]) chmod go-w "$file" ;; esac
