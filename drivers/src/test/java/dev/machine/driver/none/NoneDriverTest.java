package dev.machine.driver.none;

import static org.assertj.core.api.Assertions.assertThat;

import dev.machine.driver.CreateRequest;
import dev.machine.driver.Driver;
import dev.machine.driver.DriverContract;
import dev.machine.driver.MachineName;
import dev.machine.driver.MemoryCheckpoint;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NoneDriverTest extends DriverContract {
    private final NoneDriver driver = new NoneDriver();

    @Override
    protected Driver driver() {
        return driver;
    }

    @Override
    protected String goodName() {
        return "master";
    }

    @Override
    protected Map<String, String> goodOptions() {
        return Map.of("url", "tcp://127.0.0.1:3376");
    }

    @Override
    protected Map<String, String> badOptions() {
        return Map.of("url", "tcp://127.0.0.1");
    }

    @Test
    void rendersItsUrlWithoutAPrefix() {
        assertThat(driver.info().options())
                .singleElement()
                .satisfies(o -> assertThat(o.bare()).isTrue());
    }

    @Test
    void asksForAUrl() {
        assertThat(driver.check(new CreateRequest(new MachineName("master"), Map.of())))
                .singleElement()
                .satisfies(problem -> assertThat(problem.option()).isEqualTo("--url"));
    }

    @Test
    void keepsTheUrlInItsPlainForm() {
        CreateRequest request =
                new CreateRequest(new MachineName("m"), Map.of("url", "tcp://[::1]:3376/"));
        assertThat(driver.url(driver.create(request, new MemoryCheckpoint(), line -> {})))
                .isEqualTo("tcp://[::1]:3376");
    }
}
