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
 * Decides which connections may stay.
 *
 * <p>Anybody can connect, so only few connections may wait for their TLS handshake at a time. If
 * there are too many, one is closed: the oldest that has sent nothing, else one whose handshake is
 * slow. A new connection is spared for a moment, so that a real client can begin its handshake in a
 * flood of silent connections.
 *
 * <p>A client with a certificate takes one of many places. If all are taken, the client that has
 * been idle for the longest time is closed; if none is idle, the new one is refused.
 *
 * <p>The lock is held only briefly; connections are closed outside it.
 */
public final class Admission {
    /** How long a handshake may take before another connection can take its place. */
    private static final long HANDSHAKE_NANOS = 1_000_000_000L;

    /** How long a new connection may take to begin, even if there are too many. */
    static final Duration NEWCOMER_TIME = Duration.ofMillis(100);

    private final ConnectionLimits limits;
    private final RequestMemory work;
    private final ReentrantLock lock = new ReentrantLock();

    /** The connections that have sent nothing, the oldest first, with the time when each came. */
    private final Map<Waiting, Long> silent = new LinkedHashMap<>();

    private final Map<Waiting, Long> speaking = new LinkedHashMap<>();

    /** The silent connections that are spared: no other one has been closed for them yet. */
    private final Set<Waiting> young = new HashSet<>();

    /** The number of waiting connections, silent or not, for each address. */
    private final Map<InetAddress, Integer> crowds = new HashMap<>();

    private final Set<Client> clients = new HashSet<>();
    private final Set<Client> idle = new LinkedHashSet<>();
    private final Set<Client> lingering = new LinkedHashSet<>();
    private final Set<Client> refused = new HashSet<>();

    /** A connection whose handshake is not done. */
    interface Waiting {
        /** The address of the client; null if it has no network address. */
        @Nullable InetAddress from();

        /** Whether the client has sent anything, read or not. */
        boolean hasSpoken();

        /** Closes the connection; must not block. */
        void drop();
    }

    /** A client whose handshake is done. */
    interface Client {
        /** Closes the connection while it is idle; must not block. */
        void makeRoom();
    }

    /** What is done with a new connection. */
    enum Entry {
        /** It may wait for its first byte. */
        WAITS,
        /** It may wait for {@link #NEWCOMER_TIME}; then one connection has to be closed. */
        WAITS_A_MOMENT,
        /** There is no room for it. */
        REFUSED
    }

    /** What is done with a client whose handshake is done. */
    enum Verdict {
        /** It is served. */
        SERVED,
        /** It is told that there is no room. */
        REFUSED,
        /** It is closed without an answer, because too many are being refused. */
        CLOSED
    }

    /**
     * Admits as many clients as the limits say; their requests share the memory of this process.
     */
    public Admission(ConnectionLimits limits) {
        this(limits, RequestMemory.ofThisProcess());
    }

    /** Admits as many clients as the limits say; their requests share the given memory. */
    Admission(ConnectionLimits limits, RequestMemory work) {
        this.limits = limits;
        this.work = work;
    }

    /** The memory that the requests of all clients share. */
    RequestMemory work() {
        return work;
    }

    /** The most clients that are served at once. */
    int most() {
        return limits.clients();
    }

    /** Registers a new connection. */
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

    /** The time is over for a new connection that came when there were too many. */
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

    /** Whether there are too many waiting connections, if so many more come from an address. */
    private boolean isCrowded(@Nullable InetAddress from, int more) {
        return waitingFrom(from) + more > limits.waitingOfOne()
                || silent.size() + speaking.size() + more > limits.waiting();
    }

    /**
     * The address whose connections are too many, and one of which must be closed; null for all.
     */
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

    /**
     * The connection to close first, of one address or (null) of all: the oldest silent one, else
     * one that is slow.
     */
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

    /**
     * The first byte of a handshake has come; returns false if too many handshakes are going on.
     */
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

    /** The connection waits no longer, for any reason. */
    void waitsNoMore(Waiting one) {
        lock.lock();
        try {
            remove(one);
        } finally {
            lock.unlock();
        }
    }

    /** Gives a place to a client that has finished its handshake. */
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

    /** Closes a connection because something else is short, such as file descriptors. */
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
