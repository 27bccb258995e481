package dev.machine.swarm.volume;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.swarm.engine.ApiVersion;
import dev.machine.swarm.engine.EngineCache;
import dev.machine.swarm.engine.EngineClient.Answer;
import dev.machine.swarm.engine.EngineClient.NotSentException;
import dev.machine.swarm.engine.EngineFacts;
import dev.machine.swarm.engine.EngineState;
import dev.machine.swarm.engine.LimitedJson;
import dev.machine.swarm.engine.Volume;
import dev.machine.swarm.http.HttpProblem;
import dev.machine.swarm.schedule.EngineNode;
import dev.machine.swarm.schedule.Placement;
import dev.machine.swarm.schedule.Scheduler;
import dev.machine.swarm.schedule.SchedulingException;
import dev.machine.swarm.schedule.Together;
import dev.machine.swarm.volume.VolumeLocator.Held;
import dev.machine.swarm.volume.VolumeLocator.VolumeName;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * {@code POST /volumes/create}: a volume that exists is answered by a node that has it, as on one
 * engine; a new one is made on the node that the client names, else on that of its Compose project,
 * else on the node that the strategy chooses.
 */
public final class VolumeCreator {
    private final VolumeLocator locator;
    private final Scheduler scheduler;

    public VolumeCreator(VolumeLocator locator, Scheduler scheduler) {
        this.locator = locator;
        this.scheduler = scheduler;
    }

    /**
     * Makes a volume, or finds it.
     *
     * @param body the client's settings; they are rewritten for engines
     * @param version that the client speaks
     * @return the answer of the engine that has the volume, or that refused to make it
     * @throws HttpProblem 400 if several nodes have different volumes of the name, 502 to 504 if
     *     the node does not answer
     * @throws SchedulingException if no node answers
     */
    public Answer create(ObjectNode body, ApiVersion version) {
        VolumeName wanted = locator.parse(body.path("Name").asText(""));
        String name = wanted.name();
        body.put("Name", name);
        if (wanted.engine() != null) {
            return on(wanted.engine(), body, version);
        }
        List<Held> held = name.isEmpty() ? List.of() : locator.find(name);
        if (!held.isEmpty()) {
            return on(
                    VolumeLocator.answering(VolumeLocator.unambiguous(name, held)), body, version);
        }
        return onChosen(name, body, version);
    }

    private static Answer on(EngineCache engine, ObjectNode body, ApiVersion version) {
        if (!engine.status().healthy()) {
            throw new HttpProblem(
                    503,
                    "node " + engine.name() + " does not answer: " + engine.status().trouble());
        }
        try {
            return EngineVolumes.create(engine, body, version);
        } catch (IOException e) {
            throw new HttpProblem(
                    502, "node " + engine.name() + " did not answer: " + e.getMessage());
        }
    }

    private Answer onChosen(String name, ObjectNode body, ApiVersion version) {
        String project = body.path("Labels").path(Together.PROJECT).asText("");
        if (isPlain(body)) {
            ObjectNode labels =
                    body.get("Labels") instanceof ObjectNode there
                            ? there
                            : body.putObject("Labels");
            labels.put(Volume.UNPLACED, "true");
        }
        Map<String, String> tried = withoutDriver(body.path("Driver").asText(""));
        int status = 500;
        while (true) {
            Placement placement;
            try {
                placement = scheduler.placeVolume(name, project, tried);
            } catch (SchedulingException e) {
                if (tried.isEmpty()) {
                    throw e;
                }
                throw new HttpProblem(status, message(tried));
            }
            EngineCache engine = ((EngineNode) placement.node()).engine();
            try {
                Answer answer = EngineVolumes.create(engine, body, version);
                placement.release().run();
                if (answer.status() < 500 || lacksDriver(answer)) {
                    return answer;
                }
                // Another node may have room.
                status = answer.status();
                tried.put(engine.name(), LimitedJson.shortMessage(answer.body()));
            } catch (NotSentException e) {
                placement.release().run();
                status = 502;
                tried.put(engine.name(), "did not answer: " + e.getMessage());
            } catch (IOException e) {
                return again(engine, body, version, placement, e);
            }
        }
    }

    /**
     * The nodes that do not use a driver that others use, each with the reason. If no node uses it,
     * the first that is asked looks for it, which takes half a minute where it is not found.
     */
    private Map<String, String> withoutDriver(String driver) {
        Map<String, String> without = new LinkedHashMap<>();
        List<EngineCache> engines = locator.engines();
        if (!driver.isEmpty()
                && !driver.equals("local")
                && engines.stream().anyMatch(engine -> uses(engine, driver))) {
            for (EngineCache engine : engines) {
                if (!uses(engine, driver)) {
                    without.put(engine.name(), "has no volume driver " + driver);
                }
            }
        }
        return without;
    }

    private static boolean uses(EngineCache engine, String driver) {
        EngineFacts facts = engine.status().facts();
        return facts != null && facts.volumeDrivers().contains(driver);
    }

    private static boolean lacksDriver(Answer answer) {
        String message = LimitedJson.shortMessage(answer.body());
        return message.contains("plugin") && message.contains("not found");
    }

    /**
     * Whether nothing ties the volume to a node yet: Compose makes volumes before it tells which
     * nodes their containers can run on.
     */
    private static boolean isPlain(ObjectNode body) {
        String driver = body.path("Driver").asText("");
        boolean local = driver.isEmpty() || driver.equals("local");
        return local && body.path("DriverOpts").isEmpty() && !Volume.of(body).shared();
    }

    private static String message(Map<String, String> tried) {
        if (tried.values().stream().distinct().count() == 1) {
            return tried.values().iterator().next();
        }
        return tried.entrySet().stream()
                .map(failed -> "node " + failed.getKey() + ": " + failed.getValue())
                .collect(Collectors.joining("\n"));
    }

    /**
     * Asks an engine again that did not say whether it made the volume; it makes one of a name only
     * once. As long as that is not known, no other node makes a volume of this name.
     */
    private static Answer again(
            EngineCache engine,
            ObjectNode body,
            ApiVersion version,
            Placement placement,
            IOException lost) {
        String problem = "node " + engine.name() + " did not say whether it made the volume: ";
        if (body.path("Name").asText("").isEmpty()) {
            placement.release().run();
            throw new HttpProblem(502, problem + lost.getMessage());
        }
        long end = System.nanoTime() + engine.timings().list().toNanos();
        while (System.nanoTime() < end) {
            pause(engine);
            if (engine.status().healthy()) {
                try {
                    Answer answer = EngineVolumes.create(engine, body, version);
                    placement.release().run();
                    return answer;
                } catch (IOException e) {
                    // The engine is about to be found lost; it is asked when it is back.
                }
            }
        }
        Thread.ofVirtual().name("lost-volume").start(() -> releaseWhenKnown(engine, placement));
        throw new HttpProblem(
                504,
                problem + lost.getMessage() + "; the name is kept for that node until it answers");
    }

    private static void releaseWhenKnown(EngineCache engine, Placement placement) {
        while (!engine.status().healthy() && engine.status().state() != EngineState.DISCONNECTED) {
            pause(engine);
        }
        engine.invalidateVolumes();
        try {
            engine.awaitFresh(engine.timings().list());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        placement.release().run();
    }

    private static void pause(EngineCache engine) {
        LockSupport.parkNanos(engine.timings().pingEvery().toNanos());
    }
}
