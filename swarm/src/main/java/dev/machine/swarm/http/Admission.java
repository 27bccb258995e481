package dev.machine.swarm.http;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Who may stay connected. Anybody can connect, so whoever has not finished the TLS handshake counts
 * little: few of them wait at once, and if there is no room, those that have not said a word go
 * first, unless they have just come: in a flood of silent connections a client that means it needs
 * a moment to begin. Whoever has a certificate takes one of many places; if all are taken, the
 * client that has been idle for longest goes, and if nobody is idle, the newcomer is refused.
 *
 * <p>The lock is held for moments only; connections are closed outside it.
 */
public final class Admission {
    /** Whoever has begun a handshake is given this long before somebody else takes the place. */
    private static final long HANDSHAKE_NANOS = 1_000_000_000L;

    /** Who has just come is given this long to begin, even if there are too many. */
    static final Duration YOUTH = Duration.ofMillis(100);

    private final ConnectionLimits limits;
    private final RequestMemory work;
    private final ReentrantLock lock = new ReentrantLock();

    /** In the order of their coming, with the time of it. */
    private final Map<Waiting, Long> silent = new LinkedHashMap<>();

    private final Map<Waiting, Long> speaking = new LinkedHashMap<>();

    /** Those of the silent for whom nobody has gone yet. */
    private final Set<Waiting> young = new HashSet<>();

    /** How many of both there are from an address. */
    private final Map<InetAddress, Integer> crowds = new HashMap<>();

    private final Set<Client> clients = new HashSet<>();
    private final Set<Client> idle = new LinkedHashSet<>();
    private final Set<Client> lingering = new LinkedHashSet<>();
    private final Set<Client> refused = new HashSet<>();

    /** Somebody whose handshake is not done. */
    interface Waiting {
        /** Where it comes from; null where that is no address of a network. */
        @Nullable InetAddress from();

        /** Whether anything has come from it, read or not. */
        boolean hasSpoken();

        /** Closes the connection; must not block. */
        void drop();
    }

    /** Somebody who is in. */
    interface Client {
        /** Closes the connection, which is between two requests; must not block. */
        void makeRoom();
    }

    /** What becomes of a new connection. */
    enum Entry {
        /** It may wait until it speaks. */
        WAITS,
        /** It may wait for {@link #YOUTH}, after which somebody has to go. */
        WAITS_A_MOMENT,
        /** There is no room for it. */
        REFUSED
    }

    /** What becomes of a client whose handshake is done. */
    enum Verdict {
        /** It is served. */
        SERVED,
        /** It is told that there is no room. */
        REFUSED,
        /** So many are being refused that it is closed without a word. */
        CLOSED
    }

    /** Admits as many as the limits say; their requests hold what this process has room for. */
    public Admission(ConnectionLimits limits) {
        this(limits, RequestMemory.ofThisProcess());
    }

    /** Admits as many as the limits say, whose requests share this room. */
    Admission(ConnectionLimits limits, RequestMemory work) {
        this.limits = limits;
        this.work = work;
    }

    /** What the requests of all clients may hold in memory. */
    RequestMemory work() {
        return work;
    }

    /** The most clients that are served at once. */
    int most() {
        return limits.clients();
    }

    /** Takes in a new connection. */
    Entry arrives(Waiting newcomer) {
        Waiting leaves = null;
        Entry entry = Entry.WAITS;
        lock.lock();
        try {
            if (isCrowded(newcomer.from(), 1)) {
                leaves = first(crowdOf(newcomer.from()));
                if (leaves == null) {
                    return Entry.REFUSED;
                }
                if (young.size() < limits.young()) {
                    entry = Entry.WAITS_A_MOMENT;
                    young.add(newcomer);
                    leaves = null;
                } else {
                    remove(leaves);
                }
            }
            silent.put(newcomer, System.nanoTime());
            count(newcomer, 1);
        } finally {
            lock.unlock();
        }
        if (leaves != null) {
            leaves.drop();
        }
        return entry;
    }

    /** The moment of one that came when there was no room is over. */
    void ages(Waiting one) {
        Waiting leaves = null;
        lock.lock();
        try {
            young.remove(one);
            if (isCrowded(one.from(), 0)) {
                leaves = first(crowdOf(one.from()));
                if (leaves != null) {
                    remove(leaves);
                }
            }
        } finally {
            lock.unlock();
        }
        if (leaves != null) {
            leaves.drop();
        }
    }

    /** Whether there are too many with so many more from an address. */
    private boolean isCrowded(@Nullable InetAddress from, int more) {
        return waitingFrom(from) + more > limits.waitingOfOne()
                || silent.size() + speaking.size() + more > limits.waiting();
    }

    /** Of whom somebody has to go: those of the address if they are too many, else (null) all. */
    private @Nullable InetAddress crowdOf(@Nullable InetAddress from) {
        return waitingFrom(from) >= limits.waitingOfOne() ? from : null;
    }

    private int waitingFrom(@Nullable InetAddress address) {
        return address == null ? 0 : crowds.getOrDefault(address, 0);
    }

    private void count(Waiting one, int more) {
        InetAddress from = one.from();
        if (from != null) {
            crowds.merge(from, more, (before, change) -> nullIfNone(before + change));
        }
    }

    private static @Nullable Integer nullIfNone(int count) {
        return count == 0 ? null : count;
    }

    private void remove(Waiting one) {
        young.remove(one);
        if (silent.remove(one) != null || speaking.remove(one) != null) {
            count(one, -1);
        }
    }

    /** Who goes first, of one address or of all: the oldest silent one, else one that is slow. */
    private @Nullable Waiting first(@Nullable InetAddress address) {
        List<Waiting> spoken = new ArrayList<>();
        Waiting found = null;
        for (Waiting one : silent.keySet()) {
            if (address == null || address.equals(one.from())) {
                if (!one.hasSpoken()) {
                    found = one;
                    break;
                }
                spoken.add(one);
            }
        }
        spoken.forEach(this::moveToSpeaking);
        if (found != null) {
            return found;
        }
        long now = System.nanoTime();
        for (Map.Entry<Waiting, Long> one : speaking.entrySet()) {
            if ((address == null || address.equals(one.getKey().from()))
                    && now - one.getValue() > HANDSHAKE_NANOS) {
                return one.getKey();
            }
        }
        return null;
    }

    private void moveToSpeaking(Waiting one) {
        Long since = silent.remove(one);
        if (since != null) {
            speaking.put(one, since);
        }
    }

    /** The first byte of a handshake has come. False if there are too many in theirs. */
    boolean speaks(Waiting one) {
        lock.lock();
        try {
            moveToSpeaking(one);
            return speaking.size() <= limits.waiting()
                    && speakingFrom(one.from()) <= limits.waitingOfOne();
        } finally {
            lock.unlock();
        }
    }

    private long speakingFrom(@Nullable InetAddress address) {
        return speaking.keySet().stream()
                .filter(it -> address != null && address.equals(it.from()))
                .count();
    }

    /** It waits no longer, for whatever reason. */
    void waitsNoMore(Waiting one) {
        lock.lock();
        try {
            remove(one);
        } finally {
            lock.unlock();
        }
    }

    /** Gives a place to whoever has finished the handshake. */
    Verdict enters(Client client) {
        Client leaves = null;
        lock.lock();
        try {
            if (clients.size() >= limits.clients()) {
                leaves = longestIdle();
                if (leaves == null) {
                    return refused.size() < limits.refused() && refused.add(client)
                            ? Verdict.REFUSED
                            : Verdict.CLOSED;
                }
                forget(leaves);
            }
            clients.add(client);
        } finally {
            lock.unlock();
        }
        if (leaves != null) {
            leaves.makeRoom();
        }
        return Verdict.SERVED;
    }

    /** Makes room for what is needed otherwise, as a file descriptor is. */
    void makeRoom() {
        Client leaves;
        lock.lock();
        try {
            leaves = longestIdle();
            if (leaves != null) {
                forget(leaves);
            }
        } finally {
            lock.unlock();
        }
        if (leaves != null) {
            leaves.makeRoom();
        }
    }

    private @Nullable Client longestIdle() {
        for (Set<Client> some : List.of(idle, lingering)) {
            if (!some.isEmpty()) {
                return some.iterator().next();
            }
        }
        return null;
    }

    private void forget(Client client) {
        clients.remove(client);
        idle.remove(client);
        lingering.remove(client);
        refused.remove(client);
    }

    /** The client is between two requests. */
    void idles(Client client) {
        move(client, idle);
    }

    /** The client has got its last answer and has only to close. */
    void lingers(Client client) {
        move(client, lingering);
    }

    /** A request of the client has begun. */
    void works(Client client) {
        move(client, null);
    }

    private void move(Client client, @Nullable Set<Client> to) {
        lock.lock();
        try {
            idle.remove(client);
            lingering.remove(client);
            if (to != null && clients.contains(client)) {
                to.add(client);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The client's place is free. */
    void leaves(Client client) {
        lock.lock();
        try {
            forget(client);
        } finally {
            lock.unlock();
        }
    }
}
