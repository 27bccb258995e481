package dev.machine.provisioning.lifecycle;

import dev.machine.driver.Checkpoint;
import dev.machine.driver.DriverState;
import dev.machine.driver.MachineKeys;
import dev.machine.provisioning.store.MachineRecord;
import java.util.function.Consumer;

/**
 * What a driver saves goes into the machine's record.
 *
 * @param before the record as an earlier attempt left it
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
