package dev.machine.provisioning.lifecycle;

import dev.machine.driver.Checkpoint;
import dev.machine.driver.DriverState;
import dev.machine.driver.MachineKeys;
import dev.machine.provisioning.store.MachineRecord;
import java.util.function.Consumer;

/**
 * Saves the driver's state in the machine's record.
 *
 * @param before the record of an earlier attempt
 */
record RecordCheckpoint(MachineRecord before, Consumer<DriverState> saving, MachineKeys keys)
        implements Checkpoint {
    @Override
    public void save(DriverState state) {
        saving.accept(state);
    }

    @Override
    public DriverState saved() {
        return before.driverState();
    }
}
