# Sourced by the benches: milliseconds, medians and ratios of runs that alternate within one session.
now_ms() { local t=${EPOCHREALTIME/[.,]/}; echo $((t / 1000)); }
took_ms() { local from; from=$(now_ms); "$@" >/dev/null 2>&1 || { echo "failed: $*" >&2; exit 1; }; echo $(($(now_ms) - from)); }
median() { sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }
