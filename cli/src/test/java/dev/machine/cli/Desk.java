package dev.machine.cli;

import dev.machine.driver.Driver;
import dev.machine.driver.DriverState;
import dev.machine.driver.aiyara.AiyaraDriver;
import dev.machine.driver.generic.GenericDriver;
import dev.machine.driver.none.NoneDriver;
import dev.machine.provisioning.lifecycle.Lifecycle;
import dev.machine.provisioning.ssh.UserSsh;
import dev.machine.provisioning.store.EngineSettings;
import dev.machine.provisioning.store.Identity;
import dev.machine.provisioning.store.MachineRecord;
import dev.machine.provisioning.store.Store;
import dev.machine.provisioning.store.SwarmSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A user at a command line over a real store and a fake lifecycle. */
public final class Desk extends StoreServices {
    private static final List<Driver> DRIVERS =
            List.of(new AiyaraDriver(), new GenericDriver(), new NoneDriver());

    final Store store;
    final FakeLifecycle machines;
    TestConsole console = new TestConsole();

    public Desk(Path base) {
        store = new Store(base);
        machines = new FakeLifecycle(store);
    }

    /** Types a command line; words are split at blanks. */
    int type(String line) {
        return type(List.of(line.split(" ")));
    }

    int type(List<String> words) {
        return new CommandLineInterface(console.console(), DRIVERS, base -> this).run(words);
    }

    String answer() {
        return console.answer();
    }

    String told() {
        return console.told();
    }

    void machine(String name, String url, boolean master) {
        store.save(
                new MachineRecord(
                        name,
                        master ? "none" : "aiyara",
                        new DriverState(Map.of()),
                        new MachineRecord.Stage(MachineRecord.Phase.READY, Optional.empty()),
                        master ? Optional.empty() : Optional.of("linux/arm/v7"),
                        new MachineRecord.Access(
                                Optional.of(url), Optional.empty(), Optional.empty(), List.of()),
                        EngineSettings.defaults(),
                        new SwarmSettings("default", true, master, "spread"),
                        Identity.unknown()));
    }

    @Override
    public Store store() {
        return store;
    }

    @Override
    public Lifecycle lifecycle() {
        return machines;
    }

    @Override
    public UserSsh userSsh() {
        return new UserSsh(store.base(), Optional.empty(), name -> Optional.empty());
    }

    @Override
    public List<Driver> drivers() {
        return DRIVERS;
    }
}
