package dev.machine.cli;

import dev.machine.cli.command.swarm.SwarmManageCommand;
import dev.machine.cli.output.Console;
import dev.machine.common.AtomicFiles;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import dev.machine.common.Poll;
import dev.machine.common.SteadyClock;
import dev.machine.driver.Driver;
import dev.machine.driver.aiyara.AiyaraDriver;
import dev.machine.driver.digitalocean.DigitalOceanDriver;
import dev.machine.driver.generic.GenericDriver;
import dev.machine.driver.none.NoneDriver;
import dev.machine.provisioning.lifecycle.EndpointProcess;
import dev.machine.provisioning.lifecycle.Lifecycle;
import dev.machine.provisioning.lifecycle.Machines;
import dev.machine.provisioning.lifecycle.TestStop;
import dev.machine.provisioning.ssh.UserSsh;
import dev.machine.provisioning.store.Store;
import java.io.File;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The only class that constructs implementations, with {@link StoreServices}. A service that a
 * command does not ask for is never made: {@code ls --cached} needs no SSH. A command must ask for
 * its services before it starts threads.
 */
final class Wiring extends StoreServices {
    private final Path base;
    private final Console console;
    private final List<Driver> drivers;
    private @Nullable Store store;
    private @Nullable Lifecycle lifecycle;
    private @Nullable UserSsh userSsh;

    private Wiring(Path base, Console console, List<Driver> drivers) {
        this.base = base;
        this.console = console;
        this.drivers = drivers;
    }

    /** The command line with the real implementations. */
    static CommandLineInterface commandLine(Console console) {
        List<Driver> drivers =
                List.of(
                        new AiyaraDriver(),
                        new GenericDriver(),
                        new DigitalOceanDriver(console::variable, new SteadyClock(), Wiring::pause),
                        new NoneDriver());
        return new CommandLineInterface(
                console, drivers, base -> new Wiring(base, console, drivers));
    }

    @Override
    public Store store() {
        if (store == null) {
            store = new Store(base);
        }
        return store;
    }

    @Override
    public UserSsh userSsh() {
        if (userSsh == null) {
            userSsh =
                    new UserSsh(
                            StorePath.home(console),
                            console.variable("SSH_AUTH_SOCK").map(Path::of),
                            console::variable);
        }
        return userSsh;
    }

    @Override
    public Lifecycle lifecycle() {
        if (lifecycle == null) {
            lifecycle =
                    new Machines(
                            store(),
                            drivers,
                            new EndpointProcess(
                                    store(), this::endpointCommand, Poll.steady(Wiring::pause)),
                            userSsh(),
                            Clock.systemUTC(),
                            Wiring::pause,
                            lockWait(),
                            new TestStop(console.variable("MACHINE_TEST_STOP")));
        }
        return lifecycle;
    }

    @Override
    public List<Driver> drivers() {
        return drivers;
    }

    /**
     * How long to wait for a lock on a node; the default is as long as an unattended upgrade of a
     * board takes.
     */
    private Duration lockWait() {
        String seconds = console.variable("MACHINE_LOCK_WAIT").orElse("600");
        if (!seconds.matches("\\d{1,5}")) {
            throw new MachineException(
                    "MACHINE_LOCK_WAIT takes a number of seconds, not \"" + seconds + "\"",
                    null,
                    ExitCode.USAGE);
        }
        return Duration.ofSeconds(Integer.parseInt(seconds));
    }

    /** The only real pause; all other code is given one, so that tests need not wait. */
    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            throw MachineException.interrupted(e);
        }
    }

    /**
     * Options that let the JVM's second compiler (C2) work on TLS only. TLS reaches 600 MB/s with
     * C2 and 22 MB/s without it; for other code C2 costs more CPU and memory in the first minutes
     * than it saves.
     */
    private Path compilerDirectives(String master) {
        Path file = store().machine(master).resolve("compiler.json").toAbsolutePath();
        AtomicFiles.write(
                file,
                """
                [{match: ["com/sun/crypto/provider/*.*", "sun/security/*.*", "java/math/*.*"], c2: {Exclude: false}},
                 {match: ["*.*"], c2: {Exclude: true}}]
                """,
                AtomicFiles.PRIVATE);
        return file;
    }

    /**
     * The command that starts an endpoint. Its paths are absolute and name this build and this
     * Java, because the endpoint may outlive the current folder, and a later build has other jars.
     */
    private List<String> endpointCommand(String master) {
        String java =
                ProcessHandle.current()
                        .info()
                        .command()
                        .orElse(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        String classPath =
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                        .map(entry -> Path.of(entry).toAbsolutePath().normalize().toString())
                        .collect(Collectors.joining(File.pathSeparator));
        return List.of(
                java,
                // Chosen by e2e/bench/endpoint. The heap is bounded because the serial collector
                // prefers growing to collecting.
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "-Xms32m",
                "-Xmn24m",
                "-Xmx384m",
                "-XX:+UnlockDiagnosticVMOptions",
                // The log is for the endpoint: messages of the JVM do not help, and the
                // supervisor reports an end by lack of memory.
                "-XX:-DisplayVMOutput",
                "-XX:CompilerDirectivesFile=" + compilerDirectives(master),
                "-Xss512k",
                // A JVM without memory cannot serve; the supervisor starts another one.
                "-XX:+ExitOnOutOfMemoryError",
                // Measured on 2 cores with 4 clients that read logs at full speed: with one
                // carrier thread per core other clients get no answer, because a virtual thread
                // whose peer always sends never parks. With more carriers the system shares the
                // cores among them.
                SwarmManageCommand.CARRIERS,
                "-cp",
                classPath,
                Main.class.getName(),
                "--storage-path",
                base.toString(),
                "swarm",
                "manage",
                "--master",
                master);
    }
}
