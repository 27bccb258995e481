package dev.machine.provisioning.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.driver.DriverState;
import dev.machine.driver.MachineName;
import dev.machine.provisioning.store.MachineRecord.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Converts a machine to a JSON tree and back, key by key: the format of the file must not change
 * when a class changes. A missing key or a wrong type is a {@link DamagedRecord}.
 */
final class RecordCodec {
    private static final Set<String> TOP_LEVEL_KEYS =
            Set.of(
                    "schema",
                    "name",
                    "driver",
                    "driverState",
                    "phase",
                    "failedStep",
                    "url",
                    "platform",
                    "listen",
                    "ssh",
                    "hostKeys",
                    "engine",
                    "swarm",
                    "identity");
    private static final Map<String, Set<String>> NESTED_KEYS =
            Map.of(
                    "ssh",
                    Set.of("address", "port", "user", "key", "jump"),
                    "engine",
                    Set.of(
                            "labels",
                            "registryMirrors",
                            "insecureRegistries",
                            "options",
                            "tlsSans",
                            "install",
                            "installUrl",
                            "installKey",
                            "aptMirror",
                            "version",
                            "listen"),
                    "swarm",
                    Set.of("cluster", "member", "master", "strategy"),
                    "identity",
                    Set.of("machineId", "engineId"));

    private RecordCodec() {}

    /** Writes the keys of this version into an empty tree, always in the same order. */
    static ObjectNode encode(MachineRecord machine, ObjectNode to) {
        to.put("schema", Schema.CURRENT);
        to.put("name", machine.name());
        to.put("driver", machine.driver());
        put(to, "driverState", machine.driverState().values());
        to.put("phase", machine.phase().name());
        put(to, "failedStep", machine.failedStep());
        put(to, "url", machine.url());
        put(to, "platform", machine.platform());
        put(to, "listen", machine.listen());
        machine.ssh().ifPresent(ssh -> encode(ssh, to.putObject("ssh")));
        put(to, "hostKeys", machine.hostKeys());
        encode(machine.engine(), to.putObject("engine"));
        SwarmSettings swarm = machine.swarm();
        to.putObject("swarm")
                .put("cluster", swarm.cluster())
                .put("member", swarm.member())
                .put("master", swarm.master())
                .put("strategy", swarm.strategy());
        if (machine.identity().validated()) {
            ObjectNode identity = to.putObject("identity");
            put(identity, "machineId", machine.identity().machineId());
            put(identity, "engineId", machine.identity().engineId());
        }
        return to;
    }

    private static void encode(SshAccess ssh, ObjectNode to) {
        to.put("address", ssh.address()).put("port", ssh.port()).put("user", ssh.user());
        put(to, "key", ssh.key());
        put(to, "jump", ssh.jump());
    }

    private static void encode(EngineSettings engine, ObjectNode to) {
        put(to, "labels", engine.labels());
        put(to, "registryMirrors", engine.registryMirrors());
        put(to, "insecureRegistries", engine.insecureRegistries());
        put(to, "options", engine.options());
        put(to, "tlsSans", engine.tlsSans());
        EngineInstall install = engine.install();
        to.put("install", install.from().word());
        put(to, "installUrl", install.url());
        put(to, "installKey", install.key());
        put(to, "aptMirror", install.aptMirror());
        put(to, "version", install.version());
        put(to, "listen", engine.listen());
    }

    /** Copies the keys that a newer version of the same schema wrote into the old tree. */
    static void keepUnknown(ObjectNode old, ObjectNode next) {
        keepUnknown(old, next, TOP_LEVEL_KEYS);
        NESTED_KEYS.forEach(
                (key, known) -> {
                    if (old.get(key) instanceof ObjectNode oldInside
                            && next.get(key) instanceof ObjectNode nextInside) {
                        keepUnknown(oldInside, nextInside, known);
                    }
                });
    }

    private static void keepUnknown(ObjectNode old, ObjectNode next, Set<String> known) {
        old.properties().stream()
                .filter(property -> !known.contains(property.getKey()))
                .forEach(property -> next.set(property.getKey(), property.getValue()));
    }

    static MachineRecord decode(ObjectNode tree) {
        String name = text(tree, "name");
        if (!MachineName.isValid(name)) {
            throw new DamagedRecord("its \"name\" is not a machine's name");
        }
        return new MachineRecord(
                name,
                text(tree, "driver"),
                new DriverState(texts(tree, "driverState")),
                new MachineRecord.Stage(phase(text(tree, "phase")), optional(tree, "failedStep")),
                optional(tree, "platform"),
                new MachineRecord.Access(
                        optional(tree, "url"),
                        optional(tree, "listen"),
                        tree.hasNonNull("ssh")
                                ? Optional.of(ssh(object(tree, "ssh")))
                                : Optional.empty(),
                        list(tree, "hostKeys")),
                engine(object(tree, "engine")),
                swarm(object(tree, "swarm")),
                tree.hasNonNull("identity")
                        ? identity(object(tree, "identity"))
                        : Identity.unknown());
    }

    private static SshAccess ssh(ObjectNode tree) {
        JsonNode port = tree.path("port");
        if (!port.isInt() || port.intValue() < 1 || port.intValue() > 65535) {
            throw new DamagedRecord("its \"ssh.port\" is not a port");
        }
        return new SshAccess(
                text(tree, "address"),
                port.intValue(),
                text(tree, "user"),
                optional(tree, "key"),
                optional(tree, "jump"));
    }

    private static EngineSettings engine(ObjectNode tree) {
        return new EngineSettings(
                texts(tree, "labels"),
                list(tree, "registryMirrors"),
                list(tree, "insecureRegistries"),
                texts(tree, "options"),
                list(tree, "tlsSans"),
                install(tree),
                optional(tree, "listen"));
    }

    private static EngineInstall install(ObjectNode tree) {
        String word = text(tree, "install");
        return new EngineInstall(
                EngineInstall.From.of(word)
                        .orElseThrow(
                                () -> new DamagedRecord("its \"install\" is \"" + word + "\"")),
                optional(tree, "installUrl"),
                optional(tree, "installKey"),
                optional(tree, "version"),
                optional(tree, "aptMirror"));
    }

    private static SwarmSettings swarm(ObjectNode tree) {
        return new SwarmSettings(
                text(tree, "cluster"),
                truth(tree, "member"),
                truth(tree, "master"),
                text(tree, "strategy"));
    }

    private static Identity identity(ObjectNode tree) {
        return Identity.validated(optional(tree, "machineId"), optional(tree, "engineId"));
    }

    private static Phase phase(String word) {
        try {
            return Phase.valueOf(word);
        } catch (IllegalArgumentException e) {
            throw new DamagedRecord("its \"phase\" is \"" + word + "\"");
        }
    }

    private static String text(ObjectNode tree, String key) {
        return optional(tree, key)
                .orElseThrow(() -> new DamagedRecord("it has no \"" + key + "\""));
    }

    private static Optional<String> optional(ObjectNode tree, String key) {
        JsonNode value = tree.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            throw new DamagedRecord("its \"" + key + "\" is not a text");
        }
        return Optional.of(value.textValue());
    }

    private static boolean truth(ObjectNode tree, String key) {
        if (!tree.path(key).isBoolean()) {
            throw new DamagedRecord("its \"" + key + "\" is neither true nor false");
        }
        return tree.path(key).booleanValue();
    }

    private static ObjectNode object(ObjectNode tree, String key) {
        if (tree.get(key) instanceof ObjectNode object) {
            return object;
        }
        throw new DamagedRecord("its \"" + key + "\" is not an object");
    }

    private static Map<String, String> texts(ObjectNode tree, String key) {
        Map<String, String> texts = new TreeMap<>();
        ObjectNode object = object(tree, key);
        object.properties()
                .forEach(entry -> texts.put(entry.getKey(), text(object, entry.getKey())));
        return texts;
    }

    private static List<String> list(ObjectNode tree, String key) {
        if (!(tree.get(key) instanceof ArrayNode array)) {
            throw new DamagedRecord("its \"" + key + "\" is not a list");
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode element : array) {
            if (!element.isTextual()) {
                throw new DamagedRecord("its \"" + key + "\" is not a list of texts");
            }
            texts.add(element.textValue());
        }
        return texts;
    }

    private static void put(ObjectNode to, String key, Optional<String> value) {
        value.ifPresent(text -> to.put(key, text));
    }

    private static void put(ObjectNode to, String key, List<String> values) {
        ArrayNode array = to.putArray(key);
        values.forEach(array::add);
    }

    private static void put(ObjectNode to, String key, Map<String, String> values) {
        ObjectNode object = to.putObject(key);
        new TreeMap<>(values).forEach(object::put);
    }
}
