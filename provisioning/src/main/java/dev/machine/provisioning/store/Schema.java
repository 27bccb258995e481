package dev.machine.provisioning.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.common.MachineException;
import java.nio.file.Path;

/**
 * The version of a record's format. The first is 1; a later version adds one small class here that
 * converts a tree of the version before.
 */
final class Schema {
    static final int CURRENT = 1;

    private Schema() {}

    /** Refuses a record that this version cannot read. */
    static void check(ObjectNode tree, Path file) {
        JsonNode schema = tree.path("schema");
        if (!schema.isInt() || schema.intValue() < 1) {
            throw new DamagedRecord("its \"schema\" is not a version number");
        }
        if (schema.intValue() > CURRENT) {
            throw new MachineException(
                    "the record "
                            + file
                            + " was written by a newer machine (schema "
                            + schema.intValue()
                            + ", this one knows up to "
                            + CURRENT
                            + "): upgrade machine; nothing was changed");
        }
    }
}
