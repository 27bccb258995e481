package dev.machine.provisioning.step;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.machine.common.Pem;
import dev.machine.provisioning.cert.Authority;
import dev.machine.provisioning.engine.EngineFiles;
import dev.machine.provisioning.facts.EngineShell;
import dev.machine.provisioning.ssh.NodeFolder;
import dev.machine.provisioning.ssh.Script;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * A fake board whose root scripts run for real in a {@link NodeFolder}, with an engine that is
 * played: systemctl, service and kill start, stop and reload it, its containers stop with it unless
 * the running engine has live-restore, and it answers over TLS while it runs.
 *
 * <p>A daemon.json that contains {@code never-starts} keeps it from starting. What was done to it
 * is in {@link #done}.
 */
public final class PlayedNode implements AutoCloseable {
    /** The name of each file in the facts. */
    private static final Map<String, String> FILES =
            Map.of(
                    "daemon.json", EngineFiles.DAEMON_JSON,
                    "dropin", EngineFiles.DROP_IN,
                    "default", EngineFiles.DEFAULT,
                    "managed.json", EngineFiles.MANAGED,
                    "retry", EngineFiles.RETRY,
                    "ca.pem", EngineFiles.CA,
                    "server.pem", EngineFiles.CERTIFICATE);

    private static final String ENGINE =
            """
            here=%1$s/engine
            reads() { cat %1$s/etc/docker/daemon.json >"$here/config" 2>/dev/null || echo '{}' >"$here/config"; }
            case $1 in
                start)
                    reads
                    if grep -q never-starts "$here/config"; then
                        echo 'level=info msg="Starting up"' >>"$here/log"
                        echo 'failed to start daemon: no driver never-starts' >>"$here/log"
                        echo "Job for docker.service failed."; exit 1
                    fi
                    echo $(($(cat "$here/starts") + 1)) >"$here/starts"; cp "$here/starts" "$here/pid" ;;
                stop)
                    [ -f "$here/pid" ] || exit 0
                    rm "$here/pid"
                    grep -q '"live-restore" *: *true' "$here/config" || echo 0 >"$here/containers" ;;
                hup)
                    if [ -e "$here/dies-of-hup" ]; then rm -f "$here/pid"; fi
                    [ -e "$here/deaf" ] || reads ;;
            esac
            """;

    private static final String SYSTEMCTL =
            """
            case "$*" in *is-active* | *is-enabled* | *reset-failed*) ;; *) echo "systemctl $*" >>%1$s/engine/done ;; esac
            case "$*" in
                *"restart docker.service") if [ -f %1$s/engine/masked ]; then echo "docker.service is masked"; exit 1; fi
                    engine stop; engine start ;;
                *"stop docker.service") engine stop ;;
                *"is-active docker.service") if [ -f %1$s/engine/pid ]; then echo active; else echo inactive; exit 3; fi ;;
                *"is-enabled docker.service") if [ -f %1$s/engine/enabled ]; then echo enabled; else echo disabled; exit 1; fi ;;
                *is-active*) exit 3 ;;
                *"enable docker.service") touch %1$s/engine/enabled ;;
                *"disable docker.service") rm -f %1$s/engine/enabled ;;
            esac
            """;

    private static final String SERVICE =
            """
            echo "service $*" >>%1$s/engine/done
            case $2 in restart) engine stop; engine start ;; *) engine "$2" ;; esac
            """;

    private static final String UPDATE_RC =
            """
            echo "update-rc.d $*" >>%1$s/engine/done
            mkdir -p %1$s/etc/rc2.d
            case $2 in enable) touch %1$s/etc/rc2.d/S01docker ;; disable) rm -f %1$s/etc/rc2.d/S01docker ;; esac
            """;

    /** The engine's package is there if engine/package is. */
    private static final String DPKG_QUERY =
            """
            [ -f %1$s/engine/package ] || exit 1
            case $1 in -S) echo "docker.io: $2" ;; -W) echo "installed docker.io" ;; esac
            """;

    /** Stands behind engine.sh: the played engine is no process. */
    private static final String FUNCTIONS =
            """

            engine_pid() { cat %1$s/engine/pid 2>/dev/null || true; }
            engine_info() { [ -f %1$s/engine/pid ] || return 1; { cat %1$s/engine/config; echo '"live-restore":false'; } | sed 's/"live-restore" *: */"LiveRestoreEnabled":/'; }
            engine_ports() { echo 0948; }
            engine_sockets() { :; }
            kill() { echo "kill $*" >>%1$s/engine/done; [ "$1" != -HUP ] || engine hup; }
            sleep() { :; }
            """;

    public final NodeFolder folder;
    public final FakeBoard board;
    private final HttpsServer tls;
    private boolean systemd = true;

    public PlayedNode(Path temporary) throws IOException {
        folder = new NodeFolder(temporary.resolve("node"));
        board = new FakeBoard(temporary.resolve("store"), "rack-1-node-4", "127.0.0.1");
        board.runsAsRoot = script -> folder.run(script, EngineShell.FUNCTIONS, played(FUNCTIONS));
        folder.put("engine/starts", "0\n").put("engine/containers", "0\n").put("engine/done", "");
        folder.put("engine/log", "");
        folder.put("run/systemd/system/.keep", "");
        folder.program("engine", played(ENGINE))
                .program("systemctl", played(SYSTEMCTL))
                .program("service", played(SERVICE))
                .program("update-rc.d", played(UPDATE_RC))
                .program("journalctl", played("cat %1$s/engine/log"))
                .program("apt-get", "exit 0")
                .program("apt-mark", "exit 0")
                .program("dpkg-query", played(DPKG_QUERY))
                .program("ip", "exit 1")
                .program("groupdel", "exit 1");
        tls = tls(temporary.resolve("keys"));
        board.record = board.record.withUrl("tcp://127.0.0.1:" + tls.getAddress().getPort());
    }

    private String played(String shell) {
        return shell.formatted(folder.path("/"));
    }

    /** It has sysvinit in place of systemd. */
    public PlayedNode sysvinit() {
        systemd = false;
        folder.remove("run/systemd/system/.keep");
        folder.remove("run/systemd/system");
        return this;
    }

    /** Its docker.service starts the engine by this command line. */
    public PlayedNode unit(String command) {
        folder.put(
                "engine/unit",
                "# /lib/systemd/system/docker.service\n[Service]\nExecStart=%s\n"
                        .formatted(command));
        return this;
    }

    /** An engine that its owner installed and configured runs, and starts at boot. */
    public PlayedNode runs(String daemonJson, int containers) {
        folder.put("bin/dockerd", "", "rwxr-xr-x");
        folder.put(EngineFiles.DAEMON_JSON, daemonJson);
        folder.put("engine/config", daemonJson);
        folder.put("engine/starts", "1\n").put("engine/pid", "1\n");
        folder.put("engine/containers", containers + "\n");
        return startsAtBoot();
    }

    public PlayedNode startsAtBoot() {
        folder.put(systemd ? "engine/enabled" : "etc/rc2.d/S01docker", "");
        return this;
    }

    /** The board's next context, whose facts are what is in the folder now. */
    public NodeContext context() {
        board.facts
                .keySet()
                .removeIf(fact -> fact.startsWith("file.") || fact.startsWith("engine."));
        board.says("init", systemd ? "systemd" : "sysvinit");
        board.says("engine.running", folder.read("engine/containers").strip());
        if (folder.has("bin/dockerd")) {
            board.says("engine.binary", "/usr/sbin/dockerd").says("engine.package", "docker.io");
        }
        if (folder.has("engine/pid")) {
            board.says("engine.pid", folder.read("engine/pid").strip());
            board.says("engine.answers", "yes");
            board.says("engine.sockets", "/run/docker.sock=" + (systemd ? "systemd " : "own "));
            if (!folder.has("engine/socket-lost")) {
                board.says("engine.local", "/run/docker.sock");
            }
        }
        if (folder.has(systemd ? "engine/enabled" : "etc/rc2.d/S01docker")) {
            board.says("engine.enabled", "enabled");
        }
        if (folder.has(EngineFiles.RESTART_PENDING)) {
            board.says("engine.restart.pending", "yes");
        }
        if (folder.has("engine/unit")) {
            board.says("engine.unit", base64("engine/unit"));
        }
        if (folder.has(EngineFiles.KEY)) {
            board.says("file.server-key.mode", folder.mode(EngineFiles.KEY) + " root");
        }
        board.facts.remove("pair.whole");
        Script whole = new Script().run("sha256sum -c {} >/dev/null 2>&1", EngineFiles.PAIR);
        if (folder.run(whole).status() == 0) {
            board.says("pair.whole", "yes");
        }
        FILES.forEach(
                (name, file) -> {
                    if (Files.isRegularFile(folder.path(file))) {
                        board.says("file." + name, base64(file));
                    }
                });
        return board.context();
    }

    private String base64(String file) {
        return Base64.getEncoder()
                .encodeToString(folder.read(file).getBytes(StandardCharsets.UTF_8));
    }

    /** Takes the steps that write certificates and configuration, then the one that starts. */
    public void provision() {
        NodeContext context = context();
        for (Step step :
                List.of(new InstallCertificates(false), new ConfigureEngine(), new RunEngine())) {
            Change change = step.plan(context);
            if (!change.isNone()) {
                step.apply(context, change);
            }
        }
        done();
    }

    /** What was done to the engine's service since this was asked the last time. */
    public List<String> done() {
        List<String> done = folder.read("engine/done").lines().toList();
        folder.put("engine/done", "");
        return done;
    }

    public boolean engineRuns() {
        return folder.has("engine/pid");
    }

    public int containers() {
        return Integer.parseInt(folder.read("engine/containers").strip());
    }

    /** What the running engine has read. */
    public String runningConfig() {
        return folder.read("engine/config");
    }

    private HttpsServer tls(Path keys) throws IOException {
        Instant now = Instant.now();
        Clock sooner =
                Clock.fixed(now.isBefore(FakeBoard.NOW) ? now : FakeBoard.NOW, ZoneOffset.UTC);
        // The CA is right for the board's clock and for the clock that TLS goes by.
        new Authority(board.store(), sooner).ensure();
        new Authority(board.store(), Clock.systemUTC())
                .endpointCertificates("engine", keys, List.of("127.0.0.1"));
        HttpsServer server = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.setHttpsConfigurator(
                new HttpsConfigurator(
                        Pem.context(
                                board.store().certs().resolve("ca.pem"),
                                keys.resolve("server.pem"),
                                keys.resolve("server-key.pem"))));
        server.createContext("/version", exchange -> answer(exchange, "{\"Arch\":\"arm\"}"));
        server.createContext("/info", exchange -> answer(exchange, info()));
        server.start();
        return server;
    }

    private String info() throws IOException {
        JsonNode config = new ObjectMapper().readTree(runningConfig());
        return "{\"Labels\":%s,\"RegistryConfig\":{\"Mirrors\":%s},\"LiveRestoreEnabled\":%s}"
                .formatted(
                        list(config, "labels"),
                        list(config, "registry-mirrors"),
                        config.path("live-restore").asBoolean());
    }

    private static String list(JsonNode config, String key) {
        return config.has(key) ? config.get(key).toString() : "[]";
    }

    private void answer(HttpExchange exchange, String json) throws IOException {
        byte[] answer = json.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(engineRuns() ? 200 : 503, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    @Override
    public void close() {
        tls.stop(0);
    }
}
