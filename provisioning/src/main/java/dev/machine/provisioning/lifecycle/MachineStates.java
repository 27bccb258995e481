package dev.machine.provisioning.lifecycle;

import dev.machine.common.EngineCall;
import dev.machine.common.MachineException;
import dev.machine.common.SocketThreads;
import dev.machine.driver.MachineName;
import dev.machine.provisioning.cert.Authority;
import dev.machine.provisioning.engine.EngineProbe;
import dev.machine.provisioning.lifecycle.Lifecycle.State;
import dev.machine.provisioning.store.MachineRecord;
import dev.machine.provisioning.store.Store;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Asks machines for their state: the endpoint, the engine, and the cloud if there is one. */
final class MachineStates {
    /** After this time the cloud is asked as well; most engines have answered by then. */
    private static final Duration ENGINE_ONLY_TIME = Duration.ofSeconds(2);

    private final Store store;
    private final PowerControl power;
    private final Endpoints endpoints;
    private final Function<MachineRecord, EngineProbe> engines;
    private final Clock clock;

    MachineStates(
            Store store,
            PowerControl power,
            Endpoints endpoints,
            Function<MachineRecord, EngineProbe> engines,
            Clock clock) {
        this.store = store;
        this.power = power;
        this.endpoints = endpoints;
        this.engines = engines;
        this.clock = clock;
    }

    /** What a machine answers within the deadline. */
    State of(MachineRecord record, Duration deadline) {
        if (record.swarm().master()) {
            return endpoint(record, deadline);
        }
        if (record.url().isEmpty() || hasNoNode(record)) {
            return new State("", Optional.empty(), unfinished(record));
        }
        return power.hasOwner(record) ? owned(record, deadline) : engine(record, deadline);
    }

    /** If the node was refused, an engine at its address belongs to another machine. */
    private boolean hasNoNode(MachineRecord record) {
        return !record.hasNode() && record.ssh().isPresent() && !power.hasOwner(record);
    }

    private State endpoint(MachineRecord master, Duration deadline) {
        if (!endpoints.running(master.name())) {
            return new State("Stopped", Optional.empty(), Optional.empty());
        }
        return endpoints.answers(master.name(), deadline)
                ? new State("Running", Optional.empty(), Optional.empty())
                : new State(
                        "Unreachable",
                        Optional.empty(),
                        Optional.of(
                                "its process runs but does not answer: machine restart "
                                        + master.name()));
    }

    private State engine(MachineRecord record, Duration deadline) {
        try {
            return running(record, ask(record, deadline));
        } catch (IOException e) {
            return silent("Unreachable", record, Optional.ofNullable(e.getMessage()));
        }
    }

    /** The answer of the engine or of the cloud; empty if it does not know the state. */
    private record Word(boolean ofEngine, Optional<State> state, Optional<String> error) {}

    /**
     * Engine and cloud share one deadline, and the first answer with a state counts. If the cloud
     * is late, the record says whether machine switched it off.
     */
    private State owned(MachineRecord record, Duration deadline) {
        long end = System.nanoTime() + deadline.toNanos();
        ExecutorService threads = SocketThreads.executor();
        ExecutorCompletionService<Word> asked = new ExecutorCompletionService<>(threads);
        try {
            asked.submit(() -> engineWord(record, deadline));
            Duration alone =
                    ENGINE_ONLY_TIME.compareTo(deadline.dividedBy(4)) < 0
                            ? ENGINE_ONLY_TIME
                            : deadline.dividedBy(4);
            Future<Word> next = asked.poll(alone.toNanos(), TimeUnit.NANOSECONDS);
            if (next != null && next.get().state.isPresent()) {
                return next.get().state.get();
            }
            asked.submit(() -> new Word(false, ownersWord(record), Optional.empty()));
            Optional<String> error = Optional.of("no answer within " + deadline.toSeconds() + " s");
            for (int answers = 0; answers < 2; ) {
                long left = end - System.nanoTime();
                if (next == null) {
                    next = asked.poll(Math.max(0, left), TimeUnit.NANOSECONDS);
                }
                if (next == null) {
                    break;
                }
                Word word = next.get();
                if (word.state.isPresent()) {
                    return word.state.get();
                }
                error = word.ofEngine ? word.error : error;
                next = null;
                answers++;
            }
            return silent(power.isSwitchedOff(record) ? "Stopped" : "Unreachable", record, error);
        } catch (InterruptedException e) {
            throw MachineException.interrupted(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof MachineException known
                    ? known
                    : new IllegalStateException(e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private Word engineWord(MachineRecord record, Duration deadline) {
        try {
            return new Word(
                    true, Optional.of(running(record, ask(record, deadline))), Optional.empty());
        } catch (IOException e) {
            return new Word(true, Optional.empty(), Optional.ofNullable(e.getMessage()));
        }
    }

    private Optional<State> ownersWord(MachineRecord record) {
        return power.ownersWord(record).map(word -> silent(word, record, Optional.empty()));
    }

    private static State silent(String word, MachineRecord record, Optional<String> error) {
        Optional<String> half = unfinished(record);
        return new State(word, Optional.empty(), half.isPresent() ? half : error);
    }

    private EngineCall.Answer ask(MachineRecord record, Duration deadline) throws IOException {
        return engines.apply(record).get(record.url().orElseThrow(), "/version", deadline);
    }

    private State running(MachineRecord record, EngineCall.Answer answer) throws IOException {
        Optional<String> other = otherMachine(record, answer.provenName());
        if (other.isPresent()) {
            return new State("Error", Optional.empty(), other);
        }
        Optional<String> half = unfinished(record);
        return new State(
                "Running",
                Optional.of(EngineProbe.json(answer, "/version").path("Version").asText()),
                half.isPresent() ? half : endsSoon(record, answer.provenUntil()));
    }

    /**
     * Another machine may have got the address, so the certificate decides whose engine answered.
     */
    private Optional<String> otherMachine(MachineRecord record, String proven) {
        return record.ssh().isEmpty()
                        || proven.equals(record.name())
                        || !MachineName.isValid(proven)
                        || !store.exists(proven)
                ? Optional.empty()
                : Optional.of(
                        "at its address answers machine \"%s\": machine rm %s if it is gone"
                                .formatted(proven, record.name()));
    }

    private Optional<String> endsSoon(MachineRecord record, Instant end) {
        Duration left = Duration.between(clock.instant(), end);
        return left.compareTo(Authority.RENEW_BEFORE) > 0
                ? Optional.empty()
                : Optional.of(
                        "its certificate ends in %d days: machine regenerate-certs %s"
                                .formatted(left.toDays(), record.name()));
    }

    private static Optional<String> unfinished(MachineRecord record) {
        return switch (record.phase()) {
            case READY -> Optional.empty();
            case FAILED ->
                    Optional.of(
                            "failed at \""
                                    + record.failedStep().orElse("?")
                                    + "\": machine provision "
                                    + record.name());
            case CREATING -> Optional.of("not finished: type its machine create again");
            case REMOVING -> Optional.of("half removed: machine rm " + record.name());
        };
    }
}
