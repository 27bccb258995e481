# Gives the shell text $command a terminal to belong to, while its input and output, at 3, 4 and 5, stay what they were: requiretty of
# sudo asks for no more (sudoers(5)), and a terminal in between would change what passes. ASCII only.
export LC_ALL=C PATH="$PATH:/usr/sbin:/usr/bin:/sbin:/bin"
command -v script >/dev/null || { echo 'sudo wants a terminal, and without script(1) there is none' >&2; exit 127; }
exec 3<&0 4>&1 5>&2
SHELL=/bin/sh exec script -qec "$command" /dev/null </dev/null >/dev/null 2>&1
