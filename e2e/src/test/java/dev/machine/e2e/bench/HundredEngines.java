package dev.machine.e2e.bench;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.machine.common.AtomicFiles;
import dev.machine.common.Pem;
import dev.machine.driver.DriverState;
import dev.machine.provisioning.cert.Authority;
import dev.machine.provisioning.cert.CertificatePair;
import dev.machine.provisioning.store.EngineSettings;
import dev.machine.provisioning.store.MachineRecord;
import dev.machine.provisioning.store.Store;
import dev.machine.provisioning.store.SwarmSettings;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * A hundred engines on loopback addresses in one process, which answer {@code /version} over mutual
 * TLS, and a store that has a machine for each. Arguments: the store's folder. Says {@code ready}
 * and serves until its input ends.
 */
public final class HundredEngines {
    static final int COUNT = 100;
    static final int PORT = 2376;

    private HundredEngines() {}

    static String address(int index) {
        return "127.0.77." + (index + 1);
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        Store store = new Store(folder);
        Authority authority = new Authority(store, Clock.systemUTC());
        authority.ensure();
        List<String> addresses =
                IntStream.range(0, COUNT).mapToObj(HundredEngines::address).toList();
        CertificatePair server = authority.serverCertificate("engines", addresses);
        AtomicFiles.write(folder.resolve("server-key.pem"), server.key(), AtomicFiles.PRIVATE);
        AtomicFiles.write(folder.resolve("server.pem"), server.certificate(), AtomicFiles.PUBLIC);
        SSLContext tls =
                Pem.context(
                        store.certs().resolve("ca.pem"),
                        folder.resolve("server.pem"),
                        folder.resolve("server-key.pem"));
        for (int i = 0; i < COUNT; i++) {
            store.save(record("node-" + (i + 1), address(i)));
            serve(address(i), tls);
        }
        System.out.println("ready");
        while (System.in.read() >= 0) {
            // Nothing is said to us; the end of the input is what ends us.
        }
        System.exit(0);
    }

    private static MachineRecord record(String name, String address) {
        return MachineRecord.begun(
                        name,
                        "generic",
                        new DriverState(Map.of("ip-address", address)),
                        EngineSettings.defaults(),
                        SwarmSettings.defaultMember())
                .withPhase(MachineRecord.Phase.READY)
                .withUrl("tcp://" + address + ":" + PORT)
                .withPlatform("linux/amd64", address);
    }

    private static void serve(String address, SSLContext tls) throws Exception {
        HttpsServer engine = HttpsServer.create(new InetSocketAddress(address, PORT), 100);
        engine.setHttpsConfigurator(
                new HttpsConfigurator(tls) {
                    @Override
                    public void configure(HttpsParameters parameters) {
                        SSLParameters mutual = getSSLContext().getDefaultSSLParameters();
                        mutual.setNeedClientAuth(true);
                        parameters.setSSLParameters(mutual);
                    }
                });
        engine.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        byte[] version =
                "{\"Version\":\"26.1.5\",\"ApiVersion\":\"1.45\",\"MinAPIVersion\":\"1.24\",\"Arch\":\"amd64\",\"Os\":\"linux\"}"
                        .getBytes(StandardCharsets.UTF_8);
        engine.createContext(
                "/",
                exchange -> {
                    exchange.getResponseHeaders().set("Content-Type", "application/json");
                    exchange.sendResponseHeaders(200, version.length);
                    exchange.getResponseBody().write(version);
                    exchange.close();
                });
        engine.start();
    }
}
