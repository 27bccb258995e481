package dev.machine.swarm.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.api.Route.Call;
import dev.machine.swarm.cluster.Cluster;
import dev.machine.swarm.cluster.ClusterEvent;
import dev.machine.swarm.cluster.Subscription;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.EngineReply;
import dev.machine.swarm.engine.EngineRequest;
import dev.machine.swarm.engine.JsonEntries;
import dev.machine.swarm.engine.LimitedJson;
import dev.machine.swarm.http.Cancellation;
import dev.machine.swarm.http.Headers;
import dev.machine.swarm.http.HttpProblem;
import dev.machine.swarm.http.Response;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /events}: the events of all nodes and, with {@code since}, those of the past that the
 * engines remember.
 */
final class EventCalls {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_TIME_LENGTH = 40;
    private static final Duration CANCELLATION_CHECK_INTERVAL = Duration.ofSeconds(1);

    private final Cluster cluster;
    private final InstantSource clock;

    EventCalls(Cluster cluster, InstantSource clock) {
        this.cluster = cluster;
        this.clock = clock;
    }

    Response events(Call call) {
        EventFilter filter = new EventFilter(call.target());
        NameStyle style = NameStyle.of(call.request());
        EventFormat format = EventFormat.of(call.request().headers());
        Instant since = time(call, "since");
        Instant until = time(call, "until");
        // Subscribed before the past events are read, so that events in between are not lost.
        Subscription subscription = cluster.events().subscribe();
        Cancellation gone = call.request().cancellation();
        gone.attach(subscription::close);
        subscription.onLag(call.request().share()::abort);
        return new Response(
                200,
                Headers.of("Content-Type", format.type()),
                new Response.Live(
                        out -> {
                            try (subscription) {
                                Reader reader = new Reader(out, filter, style, format);
                                Set<String> written = writePast(call, reader, since, until);
                                writePresent(reader, until, written, subscription, gone);
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        }));
    }

    /** Where events are written, which ones, how names are shown, and in which form. */
    private record Reader(
            OutputStream out, EventFilter filter, NameStyle style, EventFormat format) {
        void write(ClusterEvent event) throws IOException {
            if (!filter.accepts(event)) {
                return;
            }
            ObjectNode json = event.json();
            JsonNode name = json.path("Actor").path("Attributes").path("name");
            if (style != NameStyle.SLASH
                    && name.isTextual()
                    && json.path("Type").asText("").equals("container")) {
                json = json.deepCopy();
                json.withObject("/Actor")
                        .withObject("/Attributes")
                        .put("name", style.alone(event.node(), name.asText()));
            }
            out.write(format.before());
            out.write(JSON.writeValueAsBytes(json));
            out.write('\n');
            out.flush();
        }
    }

    /**
     * Writes the events of the past. Returns their identities, so that they are not written again.
     */
    private Set<String> writePast(
            Call call, Reader reader, @Nullable Instant since, @Nullable Instant until)
            throws IOException {
        if (since == null) {
            return Set.of();
        }
        Instant now = clock.instant();
        List<ClusterEvent> past =
                past(call, since, until == null || until.isAfter(now) ? now : until);
        for (ClusterEvent event : past) {
            reader.write(event);
        }
        return past.stream().map(ClusterEvent::identity).collect(Collectors.toSet());
    }

    private void writePresent(
            Reader reader,
            @Nullable Instant until,
            Set<String> written,
            Subscription subscription,
            Cancellation gone)
            throws IOException, InterruptedException {
        while (!gone.cancelled() && !subscription.ended()) {
            Duration wait = CANCELLATION_CHECK_INTERVAL;
            if (until != null) {
                Duration left = Duration.between(clock.instant(), until);
                if (!left.isPositive()) {
                    return;
                }
                wait = left.compareTo(wait) < 0 ? left : wait;
            }
            ClusterEvent event = subscription.next(wait);
            if (subscription.lagged()) {
                throw new IOException("the reader of events is too slow");
            }
            if (event != null && !written.contains(event.identity())) {
                reader.write(event);
            }
        }
    }

    /** The events that the engines remember of a span of time, in order. */
    private List<ClusterEvent> past(Call call, Instant since, Instant until) {
        String query = "/events?since=" + text(since) + "&until=" + text(until);
        Set<String> told = new HashSet<>();
        return FanOutQuery.ask(cluster.engines(), engine -> past(call, engine, query))
                .answered("its past events are missing")
                .values()
                .stream()
                .flatMap(List::stream)
                .sorted(Comparator.comparingLong(ClusterEvent::timeNano))
                .filter(event -> !event.ofPart() || told.add(event.life()))
                .toList();
    }

    private static List<ClusterEvent> past(Call call, EngineCache engine, String query)
            throws IOException {
        byte[] body;
        try (EngineReply reply = engine.client().send(EngineRequest.get(engine.path(query)))) {
            body = reply.whole(call.request().share());
            if (reply.status() != 200) {
                throw new IOException("the engine answered " + reply.status());
            }
        }
        call.request().share().takeTree(body.length);
        List<ClusterEvent> events = new ArrayList<>();
        JsonEntries values = JsonEntries.stream(new ByteArrayInputStream(body));
        for (byte[] value = values.next(); value != null; value = values.next()) {
            if (LimitedJson.tree(value) instanceof ObjectNode event) {
                events.add(ClusterEvent.of(engine, event));
            }
        }
        return events;
    }

    private static String text(Instant time) {
        return String.format(Locale.ROOT, "%d.%09d", time.getEpochSecond(), time.getNano());
    }

    /** Seconds since 1970 with an optional fraction, as clients send them. */
    private static @Nullable Instant time(Call call, String parameter) {
        String text = call.target().parameter(parameter);
        if (text == null || text.isBlank() || text.equals("0")) {
            return null;
        }
        try {
            if (text.length() > MAX_TIME_LENGTH) {
                throw new NumberFormatException("too long");
            }
            BigDecimal seconds = new BigDecimal(text);
            // A number with an exponent of millions would be expanded into as many digits.
            if (Math.abs((long) seconds.scale()) > MAX_TIME_LENGTH) {
                throw new ArithmeticException("too large or too small");
            }
            return Instant.ofEpochSecond(0, seconds.movePointRight(9).longValueExact());
        } catch (ArithmeticException | NumberFormatException e) {
            throw new HttpProblem(400, parameter + " is not a time in seconds");
        }
    }
}
