package dev.machine.cli.command.image;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.machine.cli.output.Structured;
import dev.machine.common.AtomicFiles;
import dev.machine.common.JsonFault;
import dev.machine.common.MachineException;
import dev.machine.provisioning.store.MachineLock;
import dev.machine.provisioning.store.Store;
import dev.machine.swarm.image.ImagesFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * The user's images.yaml as a tree, so that a change keeps the keys which this version does not
 * know; comments are lost. A change that an endpoint could not read is refused.
 */
final class ImagesDocument {
    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(10);

    private final Path file;
    private final ObjectNode root;

    private ImagesDocument(Path file, ObjectNode root) {
        this.file = file;
        this.root = root;
    }

    /**
     * Reads a file; a missing file is an empty document.
     *
     * @throws MachineException with one sentence if the file is not valid
     */
    static ImagesDocument read(Path file) {
        try {
            JsonNode tree =
                    Files.exists(file)
                            ? new YAMLMapper().readTree(AtomicFiles.read(file))
                            : JsonNodeFactory.instance.missingNode();
            ImagesFile.parse(file, tree);
            return new ImagesDocument(
                    file,
                    tree instanceof ObjectNode object
                            ? object
                            : JsonNodeFactory.instance.objectNode());
        } catch (JsonProcessingException e) {
            throw new MachineException(file + " is not YAML: " + JsonFault.words(e), e);
        } catch (IOException e) {
            throw new MachineException("cannot read " + file + ": " + AtomicFiles.reason(e), e);
        }
    }

    /** Changes the store's file while it is locked. */
    static void change(Store store, Consumer<ImagesDocument> change) {
        AtomicFiles.privateDirectory(store.base());
        try (MachineLock lock = store.lockStore(LOCK_TIMEOUT)) {
            ImagesDocument document = read(store.images());
            change.accept(document);
            ImagesFile.parse(document.file, document.root);
            AtomicFiles.write(document.file, document.text(), AtomicFiles.PRIVATE);
        }
    }

    String text() {
        return root.isEmpty() ? "" : Structured.yaml(root);
    }

    ObjectNode images() {
        return root.path("images") instanceof ObjectNode images ? images : root.putObject("images");
    }

    ArrayNode rules() {
        return root.path("rules") instanceof ArrayNode rules ? rules : root.putArray("rules");
    }

    /** Copies the other document's mode, names and rules; what it does not contain stays. */
    void take(ImagesDocument other) {
        if (other.root.has("mode")) {
            root.set("mode", other.root.get("mode"));
        }
        if (other.root.path("images") instanceof ObjectNode table) {
            images().setAll(table);
        }
        if (other.root.path("rules") instanceof ArrayNode rules) {
            root.set("rules", rules);
        }
    }
}
