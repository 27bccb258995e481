package dev.machine.provisioning.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.common.AtomicFiles;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads and writes {@code machine.json}. */
final class RecordFile {
    private RecordFile() {}

    static Optional<MachineRecord> read(Path file, String name) {
        return tree(file).map(tree -> decode(tree, file, name));
    }

    static void write(Path file, MachineRecord machine) {
        ObjectNode next = RecordCodec.encode(machine, JsonNodeFactory.instance.objectNode());
        tree(file).ifPresent(old -> RecordCodec.keepUnknown(old, next));
        AtomicFiles.write(file, next.toPrettyString() + "\n", AtomicFiles.PRIVATE);
    }

    private static MachineRecord decode(ObjectNode tree, Path file, String name) {
        try {
            MachineRecord machine = RecordCodec.decode(tree);
            if (!machine.name().equals(name)) {
                throw new DamagedRecord(
                        "it is the record of \"" + machine.name() + "\", not of this folder");
            }
            return machine;
        } catch (DamagedRecord e) {
            throw damaged(file, e.reason(), e);
        }
    }

    private static Optional<ObjectNode> tree(Path file) {
        byte[] content;
        try {
            content = AtomicFiles.read(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new MachineException("cannot read " + file + ": " + AtomicFiles.reason(e), e);
        }
        if (content.length == 0) {
            throw damaged(file, "it is empty", null);
        }
        try {
            JsonNode tree = JsonTree.read(content);
            if (!(tree instanceof ObjectNode object)) {
                throw damaged(file, "it is not a JSON object", null);
            }
            Schema.check(object, file);
            return Optional.of(object);
        } catch (DamagedRecord e) {
            throw damaged(file, e.reason(), e);
        } catch (JsonProcessingException e) {
            String line = e.getLocation() == null ? "" : " at line " + e.getLocation().getLineNr();
            throw damaged(file, "it is not JSON" + line, e);
        } catch (IOException e) {
            throw new MachineException("cannot read " + file + ": " + AtomicFiles.reason(e), e);
        }
    }

    private static MachineException damaged(Path file, String reason, @Nullable Throwable cause) {
        return new MachineException(
                "the record " + file + " is damaged: " + reason,
                "repair or restore that file, or forget the machine with \"machine rm -f "
                        + file.getName(file.getNameCount() - 2)
                        + "\"",
                ExitCode.ERROR,
                cause);
    }
}
