package dev.machine.cli.command;

import dev.machine.common.MachineException;
import dev.machine.provisioning.lifecycle.Lifecycle;
import dev.machine.provisioning.store.MachineRecord;
import dev.machine.provisioning.store.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The machines of a store as rows of {@code ls}. */
final class Inventory {
    private static final Lifecycle.State NOT_ASKED =
            new Lifecycle.State("", Optional.empty(), Optional.empty());

    private final List<Store.Entry> entries;
    private final Map<String, String> masters = new HashMap<>();
    private final Optional<String> dockerHost;

    Inventory(List<Store.Entry> entries, Optional<String> dockerHost) {
        this.entries = entries;
        this.dockerHost = dockerHost;
        for (Store.Entry entry : entries) {
            if (entry instanceof Store.Sound(MachineRecord machine) && machine.swarm().master()) {
                masters.putIfAbsent(machine.swarm().cluster(), machine.name());
            }
        }
    }

    /** The rows with what the store knows; no machine is contacted. */
    List<MachineRow> cached() {
        return entries.stream().map(entry -> row(entry, NOT_ASKED, 0)).toList();
    }

    /** The state of a machine, and how long the answer took. */
    private record Timed(Lifecycle.State state, long millis) {}

    /** Asks all machines at the same time; none longer than the deadline. */
    List<MachineRow> asked(Lifecycle lifecycle, Duration deadline) {
        List<Timed> answers =
                ParallelQueries.ask(
                        entries,
                        deadline,
                        entry -> ask(lifecycle, entry, deadline),
                        entry -> new Timed(late(deadline), deadline.toMillis()));
        List<MachineRow> rows = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            rows.add(row(entries.get(i), answers.get(i).state, answers.get(i).millis));
        }
        return rows;
    }

    private static Timed ask(Lifecycle lifecycle, Store.Entry entry, Duration deadline) {
        if (entry instanceof Store.Broken) {
            return new Timed(NOT_ASKED, 0);
        }
        long begin = System.nanoTime();
        Lifecycle.State state;
        try {
            state = lifecycle.state(entry.name(), deadline);
        } catch (MachineException e) {
            state = new Lifecycle.State("Error", Optional.empty(), Optional.of(e.sentence()));
        }
        return new Timed(state, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
    }

    private static Lifecycle.State late(Duration deadline) {
        return new Lifecycle.State(
                "Timeout",
                Optional.empty(),
                Optional.of("no answer within " + deadline.toSeconds() + " s"));
    }

    private MachineRow row(Store.Entry entry, Lifecycle.State state, long millis) {
        return switch (entry) {
            case Store.Sound(MachineRecord machine) -> row(machine, state, millis);
            case Store.Broken(String name, MachineException error) ->
                    new MachineRow(
                            name,
                            false,
                            "",
                            "Error",
                            "",
                            "",
                            "",
                            "",
                            "",
                            error.sentence(),
                            Map.of(),
                            0);
        };
    }

    private MachineRow row(MachineRecord machine, Lifecycle.State state, long millis) {
        String url = machine.url().orElse("");
        String master = master(machine);
        return new MachineRow(
                machine.name(),
                !url.isEmpty() && dockerHost.filter(url::equals).isPresent(),
                machine.driver(),
                state.word(),
                url,
                machine.swarm().master() ? machine.name() + " (master)" : master,
                master,
                machine.platform().orElse(""),
                state.engineVersion().map(Inventory::shown).orElse(""),
                state.error().orElse(""),
                machine.engine().labels(),
                millis);
    }

    /**
     * The version with a leading v; an endpoint reports {@code swarm/1.2}, as classic swarm did.
     */
    private static String shown(String version) {
        return version.isEmpty() || !Character.isDigit(version.charAt(0)) ? version : "v" + version;
    }

    private String master(MachineRecord machine) {
        if (machine.swarm().master()) {
            return machine.name();
        }
        return machine.swarm().member() ? masters.getOrDefault(machine.swarm().cluster(), "") : "";
    }
}
