package dev.machine.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.machine.common.MachineException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What every driver must do, whatever it drives. A driver's own test extends this and says which
 * options make a good request and which make a bad one, each of them wrong.
 */
public abstract class DriverContract {
    /** The secret that {@link #goodOptions} is given where the driver declares one. */
    protected static final String SECRET = "s3cret-that-must-not-be-kept";

    protected abstract Driver driver();

    /** A name for which {@link #goodOptions} are right. */
    protected String goodName() {
        return "rack-1-node-4";
    }

    /** Options, without defaults, with which a machine can be made. */
    protected abstract Map<String, String> goodOptions();

    /** Options that are all wrong, each in its own way. */
    protected abstract Map<String, String> badOptions();

    /** The good request as the command line would hand it over, defaults and secrets included. */
    protected final CreateRequest good() {
        Map<String, String> options = new HashMap<>();
        for (OptionSpec option : driver().info().options()) {
            option.defaultValue().ifPresent(value -> options.put(option.name(), value));
            if (option.secret()) {
                options.put(option.name(), SECRET);
            }
        }
        options.putAll(goodOptions());
        return new CreateRequest(new MachineName(goodName()), options);
    }

    private DriverState create(CreateRequest request) {
        return driver().create(request, new MemoryCheckpoint(), line -> {});
    }

    @Test
    void declaresEachOptionOnceWithAVariableAndAHelp() {
        Set<String> names = new HashSet<>();
        Set<String> variables = new HashSet<>();
        assertThat(driver().info().name()).matches("[a-z][a-z0-9]*");
        assertThat(driver().info().summary()).isNotBlank().doesNotContain("\n");
        for (OptionSpec option : driver().info().options()) {
            assertThat(option.name()).matches("[a-z][a-z0-9-]*");
            assertThat(option.environment()).matches("[A-Z][A-Z0-9_]*");
            assertThat(option.help()).isNotBlank().doesNotContain("\n");
            assertThat(names.add(option.name())).as(option.name()).isTrue();
            assertThat(variables.add(option.environment())).as(option.environment()).isTrue();
            if (option.secret()) {
                assertThat(option.defaultValue()).as(option.name()).isEmpty();
            }
        }
    }

    @Test
    void acceptsAGoodRequestWithAndWithoutItsDefaultsSpelledOut() {
        assertThat(driver().check(good())).isEmpty();
        assertThat(driver().check(new CreateRequest(new MachineName(goodName()), goodOptions())))
                .isEmpty();
    }

    @Test
    void namesAllProblemsAtOnceByTheOptionsTheUserTyped() {
        Map<String, String> options = new HashMap<>(goodOptions());
        options.putAll(badOptions());
        List<Problem> problems =
                driver().check(new CreateRequest(new MachineName(goodName()), options));
        assertThat(problems).hasSameSizeAs(badOptions().keySet());
        Set<String> flags = new HashSet<>();
        for (OptionSpec option : driver().info().options()) {
            String prefix = option.bare() ? "--" : "--" + driver().info().name() + "-";
            flags.add(prefix + option.name());
        }
        for (Problem problem : problems) {
            assertThat(flags).contains(problem.option());
            assertThat(problem.sentence()).isNotBlank().doesNotContain("\n", "Exception");
        }
    }

    @Test
    void savesWhatItReturns() {
        MemoryCheckpoint checkpoint = new MemoryCheckpoint();
        DriverState state = driver().create(good(), checkpoint, line -> {});
        assertThat(checkpoint.states()).isNotEmpty().last().isEqualTo(state);
    }

    @Test
    void makesTheSameMachineAgain() {
        MemoryCheckpoint checkpoint = new MemoryCheckpoint();
        DriverState first = driver().create(good(), checkpoint, line -> {});
        assertThat(driver().create(good(), checkpoint, line -> {})).isEqualTo(first);
    }

    @Test
    void endsWhenItsStateCannotBeSaved() {
        MachineException full = new MachineException("no space left on device");
        assertThatThrownBy(() -> driver().create(good(), new FullCheckpoint(full), line -> {}))
                .isSameAs(full);
    }

    @Test
    void remembersNoSecret() {
        List<String> said = new ArrayList<>();
        MemoryCheckpoint checkpoint = new MemoryCheckpoint();
        driver().create(good(), checkpoint, said::add);
        assertThat(checkpoint.states().toString())
                .doesNotContain(SECRET, MemoryCheckpoint.HOST_SECRET);
        assertThat(said.toString()).doesNotContain(SECRET);
        assertThat(good().toString()).doesNotContain(SECRET);
    }

    @Test
    void givesAUrlAndAWayIn() {
        DriverState state = create(good());
        assertThat(EngineUrl.problem(driver().url(state))).isEmpty();
        driver().ssh(state)
                .ifPresent(
                        target -> {
                            assertThat(Addresses.problem(target.address())).isEmpty();
                            assertThat(target.port().orElse(22)).isBetween(1, 65535);
                            assertThat(target.user().orElse("root")).isNotBlank();
                        });
        assertThat(driver().ssh(state).isEmpty())
                .as("no SSH and no API: no power")
                .isEqualTo(driver().power() instanceof Power.None);
        assertThat(driver().status(state)).isNotNull();
    }

    @Test
    void removesWhatIsNoLongerThere() {
        DriverState state = create(good());
        driver().remove(state);
        assertThatCode(() -> driver().remove(state)).doesNotThrowAnyException();
    }

    @Test
    void saysWhatIsMissingInARecordThatWasEditedByHand() {
        assertThatThrownBy(() -> driver().url(new DriverState(Map.of())))
                .isInstanceOf(MachineException.class)
                .hasMessageContaining("driverState.");
    }

    @Test
    void takesARangeOfNamesApart() {
        assertThat(driver().requests("a-[1:3]", goodOptions()))
                .extracting(request -> request.name().value())
                .containsExactly("a-1", "a-2", "a-3");
    }

    private record FullCheckpoint(MachineException full) implements Checkpoint {
        @Override
        public void save(DriverState state) {
            throw full;
        }

        @Override
        public DriverState saved() {
            return new DriverState(Map.of());
        }

        @Override
        public MachineKeys keys() {
            return new MemoryCheckpoint().keys();
        }
    }
}
