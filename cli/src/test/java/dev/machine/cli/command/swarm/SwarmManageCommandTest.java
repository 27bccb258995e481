package dev.machine.cli.command.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.machine.cli.Desk;
import dev.machine.cli.command.CreateCommand;
import dev.machine.cli.command.Globals;
import dev.machine.cli.command.GoFlags;
import dev.machine.cli.command.Invocation;
import dev.machine.cli.output.Console;
import dev.machine.common.MachineException;
import dev.machine.driver.DriverState;
import dev.machine.provisioning.store.EngineSettings;
import dev.machine.provisioning.store.MachineRecord;
import dev.machine.provisioning.store.Store;
import dev.machine.provisioning.store.SwarmSettings;
import dev.machine.swarm.EndpointOptions;
import dev.machine.swarm.discovery.MemberFolder;
import dev.machine.swarm.schedule.Scheduler;
import dev.machine.swarm.schedule.Strategy;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class SwarmManageCommandTest {
    private static final String TLS = "--tlsverify --tlscacert ca --tlscert c --tlskey k ";

    @TempDir Path base;
    private final Map<String, String> environment = new HashMap<>();
    private final ByteArrayOutputStream told = new ByteArrayOutputStream();
    private Store store;

    @BeforeEach
    void openTheStore() {
        store = new Store(base);
    }

    private Invocation call(String line) {
        List<String> typed = line.isBlank() ? List.of() : List.of(line.strip().split(" +"));
        SwarmManageCommand verb = new SwarmManageCommand();
        CommandSpec spec = Globals.addTo(verb.spec());
        spec.parser().posixClusteredShortOptionsAllowed(true).overwrittenOptionsAllowed(true);
        Console console =
                new Console(
                        new ByteArrayInputStream(new byte[0]),
                        new PrintStream(new ByteArrayOutputStream()),
                        new PrintStream(told, true, StandardCharsets.UTF_8),
                        environment,
                        "machine",
                        false);
        return new Invocation(
                new CommandLine(spec).parseArgs(GoFlags.normal(spec, typed).toArray(String[]::new)),
                new Globals(false, false, Optional.empty()),
                console,
                new Desk(base),
                typed);
    }

    private EndpointOptions options(String line) {
        return SwarmManageCommand.options(call(line));
    }

    private static void refused(Runnable act, String sentence) {
        assertThatThrownBy(act::run)
                .isInstanceOfSatisfying(
                        MachineException.class, e -> assertThat(e.exitCode()).isEqualTo(2))
                .hasMessageContaining(sentence);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-H tcp://1.2.3.4:5|tcp://1.2.3.4:5",
                "-H=tcp://1.2.3.4:5|tcp://1.2.3.4:5",
                "-host=1.2.3.4:5|tcp://1.2.3.4:5",
                "-host 1.2.3.4:5|tcp://1.2.3.4:5",
                "--host :4000|tcp://0.0.0.0:4000",
                "--host=tcp://[fd00::4]:2|tcp://[fd00::4]:2",
                "-H unix:///run/x.sock|unix:///run/x.sock",
                "-H tcp://a:1 -H unix:///s|tcp://a:1,unix:///s",
                "''|tcp://127.0.0.1:3376",
            })
    void listensWhereClassicWould(String flags, String hosts) {
        assertThat(options(TLS + flags).listening().hosts()).containsExactly(hosts.split(","));
    }

    @Test
    void takesAddressesAndMembersFromTheEnvironment() {
        environment.put("SWARM_HOST", "1.2.3.4:5,unix:///s");
        environment.put("SWARM_DISCOVERY", base.resolve("members").toString());
        assertThat(options(TLS).listening().hosts())
                .containsExactly("tcp://1.2.3.4:5", "unix:///s");
        assertThat(options(TLS + "-H :7").listening().hosts()).containsExactly("tcp://0.0.0.0:7");
        environment.put("SWARM_DISCOVERY", "consul://x");
        refused(() -> options(TLS), "consul:// is not supported yet");
    }

    @Test
    void takesFlagsWithOneDashAsGoDoes() {
        EndpointOptions options =
                options(
                        "-tlsverify=true -tlscacert=ca -tlscert c -tlskey k -tls=false"
                                + " -strategy binpacking -filter port -f=health"
                                + " -cluster-opt swarm.overcommit=0.1"
                                + " -cluster-opt=swarm.createretry=2 "
                                + base);
        assertThat(options.scheduling())
                .isEqualTo(
                        new EndpointOptions.Scheduling(
                                "binpack", List.of("port", "health"), 0.1, 2));
        assertThat(options.listening().tls().ca()).isEqualTo(Path.of("ca").toAbsolutePath());
        assertThat(options.engines().discovery()).isInstanceOf(MemberFolder.class);
    }

    @Test
    void helpNamesTheStrategiesAndFiltersThatTheSchedulerHas() {
        CommandSpec manage = new SwarmManageCommand().spec();
        CommandSpec create = new CreateCommand(List.of()).spec();
        assertThat(manage.findOption("--filter").description()[0])
                .endsWith(": " + String.join(", ", Scheduler.FILTERS));
        assertThat(manage.findOption("--strategy").description()[0]).contains(Strategy.NAMES);
        assertThat(create.findOption("--swarm-strategy").description()[0]).contains(Strategy.NAMES);
        assertThat(Strategy.NAMES).contains(SwarmSettings.DEFAULT_STRATEGY);
        assertThat(options(TLS + "--filter " + String.join(" --filter ", Scheduler.FILTERS)))
                .satisfies(
                        options ->
                                assertThat(options.scheduling().filters())
                                        .isEqualTo(Scheduler.FILTERS));
    }

    @Test
    void hasClassicsDefaults() {
        assertThat(options(TLS).scheduling())
                .isEqualTo(new EndpointOptions.Scheduling("spread", List.of(), 0.05, 0));
        assertThat(ManageFlags.heartbeat(call(""))).isEqualTo(Duration.ofSeconds(60));
    }

    @ParameterizedTest
    @CsvSource({"60s,60000", "1m30s,90000", "1.5h,5400000", "1500ms,1500"})
    void readsTimesAsGoWritesThem(String text, long millis) {
        assertThat(ManageFlags.heartbeat(call("--heartbeat " + text)).toMillis()).isEqualTo(millis);
        assertThat(
                        ManageFlags.timings(call("-engine-refresh-max-interval " + text))
                                .relistEvery()
                                .toMillis())
                .isEqualTo(millis);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--tlscacert ca|require the use of --tlsverify",
                "--tls|--tls alone checks neither clients nor engines",
                "--tlsverify --tlscert c|--tlscert and --tlskey must be provided",
                "--tlsverify --tlscert c --tlskey k|--tlscacert must be provided when using --tlsverify",
                "-H tcp://0.0.0.0:1|serves only clients with a certificate",
                "''|serves only clients with a certificate",
                "-H udp://0.0.0.0:1|is not an address to listen on",
                "-H tcp://h:70000|is not an address to listen on",
                "-H unix:///s nodes://a:1|engines are reached over TLS only",
                "-H unix:///s a:1,b|\"b\" is not host:port",
                "-H unix:///s nodes://|names no engine",
                "-H unix:///s token://abc|switched off in 2019",
                "-H unix:///s etcd://h/p|etcd:// is not supported yet",
                "-H unix:///s zk://h/p|zk:// is not supported yet",
                "-H unix:///s foo://h/p|there is no discovery called foo://",
                "-H unix:///s a:1 b:1|expected one DISCOVERY, not 2",
                "-H unix:///s --strategy best|--strategy takes spread, binpack or random",
                "-H unix:///s --filter best|--filter takes health, port",
                "-H unix:///s --cluster-opt a=b|--cluster-opt takes swarm.overcommit and",
                "-H unix:///s --cluster-opt swarm.overcommit=x|takes a share like 0.05",
                "-H unix:///s --cluster-opt swarm.overcommit=-1|takes a share like 0.05",
                "-H unix:///s --cluster-opt swarm.createretry=-1|a number of attempts from 0",
                "-H unix:///s --heartbeat 60 file:///x|--heartbeat takes a time like 60s",
                "-H unix:///s --heartbeat 500ms file:///x|should be at least one second",
                "-tlsverify=maybe|--tlsverify takes true or false",
                "--master m -H :1|cannot be used with --master",
            })
    void refusesInOneSentence(String line, String sentence) {
        refused(() -> options(line), sentence);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--replication|keeps no state",
                "--cors|certificate",
                "--api-enable-cors|certificate",
                "-c mesos-experimental|only swarm",
                "--engine-refresh-retry 5|only 3",
            })
    void refusesWhatItCannotDo(String line, String sentence) {
        refused(() -> UnsupportedFlags.check(call(line)), sentence);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--engine-refresh-min-interval 30s",
                "--engine-failure-retry 3",
                "--refresh-on-node-filter",
                "--container-name-refresh-filter x",
                "--discovery-opt a=b",
                "--advertise 1.2.3.4:5",
                "--replication-ttl 20s"
            })
    void saysOfAnOptionThatItDoesNothing(String line) {
        UnsupportedFlags.check(call(line));
        assertThat(told.toString(StandardCharsets.UTF_8))
                .startsWith("note: " + line.split(" ")[0] + " has no effect: ")
                .hasLineCount(1);
    }

    @Test
    void isSilentAboutDefaults() {
        UnsupportedFlags.check(call("-c swarm --engine-refresh-retry 3"));
        assertThat(told.size()).isZero();
    }

    @Test
    void needsNoCertificateOnAUnixSocketOverMemberFiles() {
        EndpointOptions options = options("-H unix:///run/x.sock");
        assertThat(options.listening().tls()).isNull();
        assertThat(options.engines().discovery()).isInstanceOf(MemberFolder.class);
    }

    @Test
    void takesAllOfAMasterFromItsRecordButNothingFromTheEnvironment() throws Exception {
        store.save(
                MachineRecord.begun(
                                "m",
                                "none",
                                new DriverState(Map.of()),
                                EngineSettings.defaults(),
                                new SwarmSettings("other", false, true, "random"))
                        .withPhase(MachineRecord.Phase.READY)
                        .withUrl("tcp://127.0.0.1:4444"));
        environment.put("SWARM_HOST", ":1");
        environment.put("SWARM_DISCOVERY", "consul://x");
        EndpointOptions options = options("--master m");
        assertThat(options.listening().hosts()).containsExactly("tcp://127.0.0.1:4444");
        assertThat(options.scheduling().strategy()).isEqualTo("random");
        assertThat(options.lock()).isEqualTo(store.machine("m").resolve("endpoint.lock"));
        Files.createDirectories(store.members("other"));
        Files.writeString(store.members("other").resolve("a.yaml"), "schema: 9\n");
        assertThat(options.engines().discovery().read().errors()).containsKey("a");
        assertThat(options("--master m --strategy spread").scheduling().strategy())
                .isEqualTo("spread");
    }
}
