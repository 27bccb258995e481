package dev.machine.provisioning.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.machine.common.ExitCode;
import dev.machine.common.MachineException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoreTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir Path folder;
    private Path base;
    private Store store;

    @BeforeEach
    void open() {
        base = folder.resolve("store");
        store = new Store(base);
    }

    private Path record(String name) {
        return base.resolve("machines").resolve(name).resolve("machine.json");
    }

    private void write(String name, String content) throws Exception {
        Files.createDirectories(record(name).getParent());
        Files.writeString(record(name), content);
    }

    @Test
    void readsBackWhatItWrote() {
        MachineRecord machine = Samples.full("rack-1-node-4");
        store.save(machine);
        assertThat(store.load("rack-1-node-4")).isEqualTo(machine);
    }

    @Test
    void readsBackARecordWithNothingOptional() {
        MachineRecord machine = Samples.bare("master");
        store.save(machine);
        assertThat(store.load("master")).isEqualTo(machine);
    }

    @Test
    void writesTheKeysOfSchema1InTheirOrder() throws Exception {
        store.save(Samples.full("rack-1-node-4"));
        assertThat(Files.readString(record("rack-1-node-4")))
                .isEqualTo(Samples.resource("schema-1.json"));
    }

    @Test
    void readsALiteralFileOfSchema1() throws Exception {
        write("rack-1-node-4", Samples.resource("schema-1.json"));
        assertThat(store.load("rack-1-node-4")).isEqualTo(Samples.full("rack-1-node-4"));
    }

    @Test
    void keepsUnknownKeysAtEveryLevel() throws Exception {
        store.save(Samples.full("a"));
        ObjectNode tree = (ObjectNode) JSON.readTree(record("a").toFile());
        tree.putObject("later").put("x", 1);
        for (String inside : List.of("ssh", "engine", "swarm")) {
            ((ObjectNode) tree.get(inside)).put("later", inside);
        }
        write("a", tree.toString());

        store.save(store.load("a").failedAt("verify"));

        ObjectNode after = (ObjectNode) JSON.readTree(record("a").toFile());
        assertThat(after.at("/later/x").intValue()).isEqualTo(1);
        assertThat(after.at("/ssh/later").textValue()).isEqualTo("ssh");
        assertThat(after.at("/engine/later").textValue()).isEqualTo("engine");
        assertThat(after.at("/swarm/later").textValue()).isEqualTo("swarm");
        assertThat(after.at("/failedStep").textValue()).isEqualTo("verify");
    }

    @Test
    void forgetsAFieldThatIsNoMore() throws Exception {
        store.save(Samples.full("a").failedAt("verify"));
        store.save(store.load("a").withPhase(MachineRecord.Phase.READY));
        assertThat(store.load("a").failedStep()).isEmpty();
        assertThat(Files.readString(record("a"))).doesNotContain("failedStep");
    }

    @Test
    void forgetsALabelThatWasTakenAway() {
        store.save(Samples.full("a"));
        store.save(store.load("a").withEngine(EngineSettings.defaults()));
        assertThat(store.load("a").engine().labels()).isEmpty();
    }

    @Test
    void writesNothingBeforeSomethingIsSaved() {
        assertThat(store.names()).isEmpty();
        assertThat(store.entries()).isEmpty();
        assertThat(store.find("a")).isEmpty();
        store.delete("a");
        assertThat(base).doesNotExist();
    }

    @Test
    void saysHowToGoOnWhenThereIsNoSuchMachine() {
        assertThatThrownBy(() -> store.load("nosuch"))
                .hasMessage("Machine \"nosuch\" does not exist")
                .asInstanceOf(type(MachineException.class))
                .satisfies(
                        e -> {
                            assertThat(e.exitCode()).isEqualTo(ExitCode.NOT_FOUND);
                            assertThat(e.hint()).contains("machine ls").contains("machine create");
                        });
    }

    @Test
    void listsInNaturalOrderWithoutHiddenFoldersAndFoldersWithoutARecord() throws Exception {
        for (String name : List.of("node-11", "node-2", "master", "node-02", "ocean-1")) {
            store.save(Samples.bare(name));
        }
        write(".hidden", "{}");
        write("not_a_name", "{}");
        Files.createDirectories(base.resolve("machines/empty"));
        assertThat(store.names())
                .containsExactly("master", "node-02", "node-2", "node-11", "ocean-1");
    }

    @Test
    void showsABrokenRecordAsOneEntryAmongTheOthers() throws Exception {
        store.save(Samples.bare("a"));
        write("b", "{");
        store.save(Samples.bare("c"));
        List<Store.Entry> entries = store.entries();
        assertThat(entries).extracting(Store.Entry::name).containsExactly("a", "b", "c");
        assertThat(entries.get(1)).isInstanceOf(Store.Broken.class);
        assertThat(entries.get(2)).isEqualTo(new Store.Sound(Samples.bare("c")));
        assertThat(store.machines()).containsExactly(Samples.bare("a"), Samples.bare("c"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "17",
                "{}",
                "\0\0\0\0",
                "{\"schema\": \"1\"}",
                "{\"schema\": 0}",
                "{\"schema\": 1}",
                "{\"schema\": 1, \"schema\": 1}",
                "{\"schema\": 1, \"name\": \"../a\"}",
            })
    void refusesADamagedRecordNamingTheFileAndWhatToDo(String content) throws Exception {
        write("a", content);
        assertThatThrownBy(() -> store.load("a"))
                .hasMessageStartingWith("the record " + record("a") + " is damaged: ")
                .asInstanceOf(type(MachineException.class))
                .satisfies(e -> assertThat(e.hint()).contains("machine rm -f a"));
    }

    @Test
    void refusesEveryTruncationOfARecordAndEveryWrongType() throws Exception {
        String whole = Samples.resource("schema-1.json").strip();
        for (int length = 0; length < whole.length(); length++) {
            write("rack-1-node-4", whole.substring(0, length));
            assertThatThrownBy(() -> store.load("rack-1-node-4"))
                    .isInstanceOf(MachineException.class)
                    .hasMessageContaining("is damaged");
        }
        ObjectNode tree = (ObjectNode) JSON.readTree(whole);
        for (String key : (Iterable<String>) tree.deepCopy()::fieldNames) {
            ObjectNode wrong = tree.deepCopy();
            wrong.putArray(key).add(1);
            write("rack-1-node-4", wrong.toString());
            assertThatThrownBy(() -> store.load("rack-1-node-4"))
                    .isInstanceOf(MachineException.class)
                    .hasMessageContaining("is damaged");
        }
    }

    @Test
    void refusesTheRecordOfAnotherMachine() throws Exception {
        store.save(Samples.bare("a"));
        write("b", Files.readString(record("a")));
        assertThatThrownBy(() -> store.load("b")).hasMessageContaining("record of \"a\"");
    }

    @Test
    void leavesARecordOfANewerVersionAlone() throws Exception {
        String newer =
                Samples.resource("schema-1.json").replace("\"schema\" : 1", "\"schema\" : 2");
        write("rack-1-node-4", newer);
        assertThatThrownBy(() -> store.load("rack-1-node-4"))
                .hasMessageContaining("newer")
                .hasMessageContaining(record("rack-1-node-4").toString());
        assertThatThrownBy(() -> store.save(Samples.full("rack-1-node-4")))
                .hasMessageContaining("newer");
        assertThat(Files.readString(record("rack-1-node-4"))).isEqualTo(newer);
    }

    @Test
    void deletesAMachineWithItsKeysAndSweepsUpAfterAKilledDelete() throws Exception {
        store.save(Samples.bare("a"));
        Files.writeString(store.machine("a").resolve("id_ed25519"), "key");
        Files.createDirectories(base.resolve("machines/.removed-b/sub"));
        Files.writeString(folder.resolve("untouched"), "");
        store.delete("a");
        assertThat(base.resolve("machines")).isEmptyDirectory();
        assertThat(folder.resolve("untouched")).exists();
    }

    @Test
    void leavesWhatOthersPutBesideARecord() throws Exception {
        SshAccess access = Samples.full("a").ssh().orElseThrow();
        store.save(
                Samples.full("a")
                        .withSsh(
                                new SshAccess(
                                        access.address(),
                                        access.port(),
                                        access.user(),
                                        Optional.of("rack"),
                                        Optional.empty()),
                                List.of()));
        Path machine = store.machine("a");
        Files.writeString(machine.resolve("rack"), "the user's key, copied");
        Files.writeString(machine.resolve("rack-cert.pub"), "its certificate");
        Files.writeString(machine.resolve(".machine.json.1f"), "cut short");
        Files.writeString(machine.resolve("notes.txt"), "mine");
        Files.createDirectories(machine.resolve("endpoint.d"));
        Files.createSymbolicLink(machine.resolve("link"), folder);

        assertThat(store.delete("a")).containsExactly("endpoint.d", "link", "notes.txt");

        assertThat(store.exists("a")).isFalse();
        assertThat(store.foreign()).containsExactly("a");
        try (var left = Files.list(machine)) {
            assertThat(left.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("endpoint.d", "link", "notes.txt");
        }
    }

    @Test
    void doesNotTouchTheRecordsOfDockerMachine() throws Exception {
        Path other = Files.createDirectories(store.machine("n1"));
        for (String file : List.of("config.json", "id_rsa", "server.pem")) {
            Files.writeString(other.resolve(file), "theirs");
        }

        assertThat(store.delete("n1")).isEmpty();
        assertThat(store.names()).isEmpty();
        assertThat(store.foreign()).containsExactly("n1");
        for (String name : List.of("n1", "n2")) {
            assertThatThrownBy(() -> store.refuseForeign(name, Optional.empty()))
                    .hasMessageContaining("is a store of docker-machine, which has n1 there")
                    .hasFieldOrPropertyWithValue("exitCode", ExitCode.PRE_CREATE_CHECK);
        }

        // One that an older version of ours wrote into.
        Files.writeString(store.machine("n1").resolve("machine.json"), "{");
        assertThat(store.delete("n1")).containsExactly("config.json", "id_rsa", "server.pem");
        assertThat(other.resolve("id_rsa")).exists();
    }

    @Test
    void refusesAPlaceThatIsTaken() throws Exception {
        Files.createDirectories(store.machine("half"));
        Files.writeString(store.machine("half").resolve(".machine.json.1f"), "ours");
        store.refuseForeign("half", Optional.of("default"));

        Files.writeString(store.machine("half").resolve("id_ed25519"), "somebody's");
        assertThatThrownBy(() -> store.refuseForeign("half", Optional.empty()))
                .hasMessageContaining("machine did not write it");

        Files.createDirectories(store.members("default"));
        Files.writeString(store.memberFile("default", "hand"), "schema: 1");
        assertThatThrownBy(() -> store.refuseForeign("hand", Optional.of("default")))
                .hasMessageContaining("hand.yaml exists already");
        store.refuseForeign("hand", Optional.empty());
        store.refuseForeign("free", Optional.of("default"));
    }

    @Test
    @Timeout(20)
    void readsNoRecordThatIsNoRegularFile() throws Exception {
        Files.createDirectories(store.machine("pipe"));
        assertThat(new ProcessBuilder("mkfifo", record("pipe").toString()).start().waitFor())
                .isZero();
        assertThat(store.entries())
                .singleElement()
                .isInstanceOfSatisfying(
                        Store.Broken.class,
                        it ->
                                assertThat(it.error().sentence())
                                        .contains("it is not a regular file"));
    }

    @Test
    void deletesABrokenMachine() throws Exception {
        write("a", "{");
        store.delete("a");
        assertThat(store.exists("a")).isFalse();
    }

    @Test
    void keepsEverythingToItsOwner() throws Exception {
        store.save(Samples.bare("a"));
        store.lock("a").close();
        try (var all = Files.walk(base)) {
            for (Path path : (Iterable<Path>) all::iterator) {
                String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
                assertThat(mode)
                        .as("%s", path)
                        .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "my store,a blank",
        "'my\nstore',a line break",
        "my\u0007store,a control character",
        "j\ufffdrg,bytes that are not UTF-8",
        "a$b,the character $",
        "a`b,the character `",
        "a*b,the character *"
    })
    void refusesAStoragePathThatAShellWouldChange(String name, String what) {
        assertThatThrownBy(() -> new Store(folder.resolve(name)))
                .hasMessageEndingWith("contains " + what)
                .hasMessageNotContaining("\n")
                .asInstanceOf(type(MachineException.class))
                .extracting(MachineException::exitCode)
                .isEqualTo(ExitCode.USAGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../a", "a/b", "", ".", "..", ".a", "a..b", "a\nb"})
    void refusesANameThatWouldLeaveItsFolder(String name) {
        assertThatThrownBy(() -> store.machine(name)).isInstanceOf(MachineException.class);
        assertThatThrownBy(() -> store.memberFile(name, "a")).isInstanceOf(MachineException.class);
        assertThatThrownBy(() -> store.memberFile("a", name)).isInstanceOf(MachineException.class);
        assertThatThrownBy(() -> store.lock(name)).isInstanceOf(MachineException.class);
    }

    @Test
    void leavesTheOldRecordWhenTheNewOneCannotBeWritten() throws Exception {
        store.save(Samples.bare("a"));
        String before = Files.readString(record("a"));
        // A folder in the way of the rename stands for any failure after the first byte.
        Files.move(record("a"), folder.resolve("kept"));
        Files.createDirectories(record("a"));
        Files.writeString(record("a").resolve("x"), "");
        assertThatThrownBy(() -> store.save(Samples.full("a")))
                .isInstanceOf(MachineException.class)
                .hasMessageContaining(record("a").toString());
        assertThat(Files.readString(folder.resolve("kept"))).isEqualTo(before);
        try (var left = Files.list(store.machine("a"))) {
            assertThat(left).containsExactly(record("a"));
        }
    }

    @Test
    void putsMemberFilesWhereAnEndpointLooks() {
        assertThat(store.memberFile("default", "ocean-1"))
                .isEqualTo(base.resolve("swarm/default/ocean-1.yaml"));
        assertThat(Optional.of(store.knownHosts())).contains(base.resolve("known_hosts"));
    }

    @Test
    void noKeyOfTheUsersTakesThePlaceOfAFileOfOurs() {
        Store store = new Store(base);

        for (String name :
                List.of("machine.json", "config.json", "server-key.pem", "endpoint.log")) {
            assertThat((Object) store.keyCopy("m1", Path.of("/home/me", name)))
                    .isEqualTo(store.machine("m1").resolve("ssh-" + name));
        }
        for (String name : List.of("id_ed25519", "rack", "key.pem")) {
            assertThat((Object) store.keyCopy("m1", Path.of("/home/me", name)))
                    .isEqualTo(store.machine("m1").resolve(name));
        }
    }

    @Test
    void aReplacedKeyOfTheUsersGoesAndTheMachinesOwnStays() throws Exception {
        Store store = new Store(base);
        Path folder = Files.createDirectories(store.machine("m1"));
        for (String name :
                List.of("rack", "rack.pub", "rack-cert.pub", "rackety", "id_ed25519", "id")) {
            Files.writeString(folder.resolve(name), "");
        }

        store.forgetKey("m1", "rack");
        store.forgetKey("m1", "id_ed25519");

        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.map(it -> it.getFileName().toString()))
                    .containsExactlyInAnyOrder("rackety", "id_ed25519", "id");
        }
    }
}
