package dev.machine.provisioning.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.provisioning.facts.Facts;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ServiceManagerTest {
    @ParameterizedTest
    @MethodSource("dev.machine.provisioning.node.ServiceManager#all")
    void isFoundByTheFactThatTheNodeSays(ServiceManager services) {
        assertThat(FactsScript.text())
                .contains(
                        "if %s; then\nsay init %s; say engine.enabled \"$(%s)\"\n"
                                .formatted(
                                        services.isThere(), services.name(), services.isEnabled()));
        assertThat(ServiceManager.find(node(services.name()))).contains(services);
    }

    @Test
    void aNodeWithAnUnknownOneIsPutBackByItsInitScript() {
        assertThat(ServiceManager.find(node("unknown"))).isEmpty();
        assertThat(ServiceManager.of(node("unknown"))).isEqualTo(new SysVinit());
    }

    private static Facts node(String init) {
        return new Facts(Map.of("init", init), Duration.ZERO, Optional.empty());
    }
}
