package dev.machine.provisioning.store;

import dev.machine.driver.DriverState;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Records that tests share. */
final class Samples {
    private Samples() {}

    static MachineRecord full(String name) {
        return MachineRecord.begun(
                        name,
                        "aiyara",
                        new DriverState(Map.of("address", "192.168.1.4", "engine-port", "2376")),
                        new EngineSettings(
                                Map.of("rack", "1", "a", "$(x) 'y' \"z\""),
                                List.of("http://192.168.1.1:5000"),
                                List.of("192.168.1.1:5000"),
                                Map.of("log-level", "warn"),
                                List.of("node.example"),
                                EngineInstall.distro(),
                                Optional.of("0.0.0.0")),
                        new SwarmSettings("default", true, false, "spread"))
                .failedAt("engine configuration")
                .withUrl("tcp://192.168.1.4:2376")
                .withPlatform("linux/arm/v7", "192.168.1.4")
                .withSsh(
                        new SshAccess(
                                "192.168.1.4",
                                22,
                                "root",
                                Optional.of("id_ed25519"),
                                Optional.empty()),
                        List.of("ssh-ed25519 SHA256:abc"))
                .withIdentity(
                        Identity.validated(
                                Optional.of("0123456789abcdef0123456789abcdef"),
                                Optional.of("A:B")));
    }

    static MachineRecord bare(String name) {
        return MachineRecord.begun(
                name,
                "none",
                new DriverState(Map.of()),
                EngineSettings.defaults(),
                new SwarmSettings("default", false, true, "binpack"));
    }

    static String resource(String name) {
        try (InputStream in = Samples.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
