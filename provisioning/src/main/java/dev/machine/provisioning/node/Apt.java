package dev.machine.provisioning.node;

import dev.machine.provisioning.engine.EngineFiles;
import dev.machine.provisioning.facts.Facts;
import dev.machine.provisioning.ssh.NodeShell;
import dev.machine.provisioning.ssh.Script;
import dev.machine.provisioning.ssh.ScriptResult;
import dev.machine.provisioning.store.EngineInstall;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Installs packages on a node. apt runs apart from our connection with its output in a file, so
 * that a broken connection does not break dpkg in the middle; a rerun waits for it, as for everyone
 * else who holds one of the package locks.
 */
public final class Apt {
    public static final String LOG = "/var/log/machine-install.log";

    /** Not in memory as /run is: a distribution's lists are tens of megabytes. */
    private static final String MIRROR = "/var/cache/machine-apt";

    private static final String PROGRAM = "/run/machine-install.sh";
    private static final Duration WORK = Duration.ofMinutes(20);

    private static final String RUN =
            """
            log={}
            # An earlier run may still write into the file of this name.
            rm -f "$log"; : >"$log"
            setsid sh {} "$log" {} {} @words@ >>"$log" 2>&1 </dev/null & apt=$!
            # Only apt is waited for; who tells of it must not keep our channel open.
            { said=
            while kill -0 $apt 2>/dev/null; do
                sleep 0.3 >/dev/null 2>&1; now=$(tail -c 4000 "$log" | tr '\\r' '\\n' | grep -E @telling@ | tail -n1 | cut -c1-160)
                if [ -n "$now" ] && [ "$now" != "$said" ]; then printf '%s\\n' "$now"; said=$now; fi
            done; } & telling=$!
            status=0; wait $apt || status=$?
            kill $telling 2>/dev/null || true
            [ $status -eq 0 ] || exit $status
            """;

    /**
     * What a person can use of what apt and dpkg say: what is fetched, unpacked, set up or waited
     * for. The rest, as the percents of a database that is read, is for the log.
     */
    static final String TELLING =
            "'^(Get:[0-9]+ |Err:[0-9]+ |Fetched |Unpacking |Setting up |Removing |Purging |waiting for )'";

    private Apt() {}

    /**
     * The installation, to which the caller adds what is to be done after it in the same round
     * trip.
     *
     * @param packages as apt-get takes them: {@code name} or {@code name=version}
     * @param mayChangePackages whether other packages may be removed or changed for them
     * @param lockWait how long another's package lock is waited for
     */
    public static void addTo(
            Script script,
            EngineInstall install,
            Facts facts,
            List<String> packages,
            boolean mayChangePackages,
            Duration lockWait) {
        List<String> words = new ArrayList<>();
        words.add(mayChangePackages ? "yes" : "no");
        words.addAll(packages);
        AptMirror.use(script, install, facts, MIRROR);
        begin(script, lockWait, "install.sh", words);
        script.run("rm -rf {}", MIRROR);
    }

    /** Adds a program of ours that follows apt.sh, and waits for it. */
    public static void begin(Script script, Duration lockWait, String program, List<String> words) {
        List<String> all = new ArrayList<>();
        all.addAll(List.of(LOG, PROGRAM, Long.toString(lockWait.toSeconds())));
        all.add(EngineFiles.ORIGINAL);
        all.addAll(words);
        String places = words.stream().map(name -> "{}").collect(Collectors.joining(" "));
        script.write(PROGRAM, program(program), "0700")
                .run(
                        RUN.replace("@words@", places).replace("@telling@", TELLING),
                        all.toArray(String[]::new));
    }

    /**
     * Runs an installation, telling what apt says.
     *
     * @throws dev.machine.common.MachineException that says why it failed and what to do
     */
    public static void run(
            NodeShell shell,
            String machine,
            Script installation,
            List<String> packages,
            Duration lockWait,
            Consumer<String> notes) {
        ScriptResult result = shell.asRoot(installation, WORK.plus(lockWait), notes);
        if (result.status() != 0) {
            // Where a file could not be written, the log is of an earlier run.
            Script tail = new Script().run("tail -c 20000 {}", LOG);
            String log = result.status() == Script.UNWRITTEN ? "" : shell.asRoot(tail).out();
            throw InstallFailure.of(
                    machine, packages, lockWait, result.status(), log + result.err());
        }
    }

    /** Also tells which packages it brought, even if nobody is there any more to ask it. */
    private static byte[] program(String name) {
        return "(\n%s%s)\nstatus=$?\n%sexit $status\n"
                .formatted(
                        Script.packed(Apt.class, "apt.sh"),
                        Script.packed(Apt.class, name),
                        name.equals("install.sh") ? NodeSnapshot.INSTALLED : "")
                .getBytes(StandardCharsets.UTF_8);
    }
}
