package dev.machine.swarm.discovery;

import dev.machine.common.LinearPattern;
import dev.machine.common.Pem;
import dev.machine.common.SteadyClock;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Engines that are known by their address only ({@code nodes://}, {@code file://}). As in classic
 * swarm, a node has the name that its engine reports, so each engine is asked for its name first,
 * and becomes a member when it has answered. If the name is taken, as on boards with cloned disks,
 * or is not valid for a node, the node is named after its host; if that is taken too, after its
 * whole address.
 */
public final class AddressMembers implements Discovery {
    private static final LinearPattern NAME = LinearPattern.of("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}");

    private final AddressSource source;
    private final PemFiles tls;
    private final NameLookup question;
    private final InstantSource clock;
    private final Map<EngineAddress, NameResolver> searches = new HashMap<>();
    private final Map<EngineAddress, String> names = new HashMap<>();

    /**
     * Asks the engines for their names by {@code /info}.
     *
     * @throws dev.machine.common.MachineException if the certificates cannot be used
     */
    public AddressMembers(AddressSource source, PemFiles tls) {
        this(source, tls, new InfoNameLookup(tls), new SteadyClock());
        // Fails now, not later for every engine.
        Pem.context(tls.ca(), tls.cert(), tls.key());
    }

    AddressMembers(AddressSource source, PemFiles tls, NameLookup question, InstantSource clock) {
        this.source = source;
        this.tls = tls;
        this.question = question;
        this.clock = clock;
    }

    /** Addresses that do not change: classic swarm's {@code nodes://}. */
    public static AddressSource fixed(List<EngineAddress> engines) {
        AddressSource.Addresses all =
                new AddressSource.Addresses(List.copyOf(new LinkedHashSet<>(engines)), Map.of());
        return () -> all;
    }

    @Override
    public Members read() {
        AddressSource.Addresses addresses = source.read();
        searches.keySet().retainAll(addresses.engines());
        names.keySet().retainAll(addresses.engines());
        Map<String, Member> members = new TreeMap<>();
        Map<String, String> errors = new TreeMap<>(addresses.errors());
        for (EngineAddress engine : addresses.engines()) {
            NameResolver search =
                    searches.computeIfAbsent(
                            engine, address -> new NameResolver(address, question, clock));
            search.go();
            String own = search.name();
            if (own == null) {
                errors.put(engine.toString(), search.error());
            } else {
                String name = names.computeIfAbsent(engine, address -> unique(address, own));
                members.put(name, member(name, engine));
            }
        }
        return new Members(members, errors);
    }

    private String unique(EngineAddress engine, String own) {
        if (NAME.matches(own) && !names.containsValue(own)) {
            return own;
        }
        return names.containsValue(engine.host()) ? engine.toString() : engine.host();
    }

    private Member member(String name, EngineAddress engine) {
        return new Member(name, engine.host(), engine.port(), "", tls.ca(), tls.cert(), tls.key());
    }
}
