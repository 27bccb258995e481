# shellcheck shell=bash
# Sourced by the benches: milliseconds, medians and ratios of runs that alternate within one session, and Java programs.
now_ms() { local t=${EPOCHREALTIME/[.,]/}; echo $((t / 1000)); }
took_ms() { local from; from=$(now_ms); "$@" >/dev/null 2>&1 || { echo "failed: $*" >&2; exit 1; }; echo $(($(now_ms) - from)); }
median() { sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }
# Builds, and sets the Java and the class path of benches that are Java programs.
prepare_java() {
    local build
    ./machine version >/dev/null
    read -r build <.build/current
    java=.build/$build/java
    JAVA_HOME=$(dirname "$(dirname "$(readlink -f "$java")")")
    export JAVA_HOME
    mvn -B -q -ntp -pl e2e -am test-compile -Dspotless.check.skip=true
    classes=$(printf '%s:' "$PWD"/.build/"$build"/lib/*.jar)e2e/target/test-classes:swarm/target/test-classes
}
# in_java CLASS WORDS… : runs such a bench in place of the script.
in_java() {
    prepare_java
    echo "load of this computer before: $(cut -d' ' -f1-3 /proc/loadavg), $(nproc) CPUs"
    exec "$java" -XX:+UseSerialGC -cp "$classes" "dev.machine.e2e.bench.$1" "${@:2}"
}
