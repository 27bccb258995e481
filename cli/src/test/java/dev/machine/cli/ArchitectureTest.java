package dev.machine.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The arrows between the modules, and who may print. */
@AnalyzeClasses(packages = "dev.machine", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String COMMON = "dev.machine.common..";
    private static final String DRIVERS = "dev.machine.driver..";
    private static final String TEMPLATES = "dev.machine.template..";
    private static final String SWARM = "dev.machine.swarm..";
    private static final String CLI = "dev.machine.cli..";
    private static final String PROVISIONING = "dev.machine.provisioning..";

    @ArchTest static final ArchRule COMMON_USES_NO_OTHER_MODULE = ownOnly(COMMON);

    @ArchTest static final ArchRule TEMPLATES_USE_ONLY_COMMON = ownOnly(TEMPLATES, COMMON);

    @ArchTest static final ArchRule DRIVERS_USE_ONLY_COMMON = ownOnly(DRIVERS, COMMON);

    @ArchTest static final ArchRule SWARM_USES_ONLY_COMMON = ownOnly(SWARM, COMMON);

    @ArchTest
    static final ArchRule PROVISIONING_USES_NEITHER_SWARM_NOR_CLI =
            noClasses()
                    .that()
                    .resideInAPackage(PROVISIONING)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(SWARM, CLI);

    @ArchTest
    static final ArchRule EVERY_CLASS_IS_IN_A_KNOWN_ROOM =
            classes()
                    .should()
                    .resideInAnyPackage(PROVISIONING, COMMON, DRIVERS, TEMPLATES, SWARM, CLI);

    @ArchTest
    static final ArchRule ONLY_CLI_PRINTS =
            noClasses()
                    .that()
                    .resideOutsideOfPackage(CLI)
                    .should()
                    .accessField(System.class, "out")
                    .orShould()
                    .accessField(System.class, "err")
                    .orShould()
                    .callMethod(Throwable.class, "printStackTrace");

    @ArchTest
    static final ArchRule ONLY_WIRING_CONSTRUCTS_DRIVERS =
            noClasses()
                    .that()
                    .resideInAPackage(CLI)
                    .and()
                    .haveSimpleNameNotEndingWith("Wiring")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "dev.machine.driver.aiyara..",
                            "dev.machine.driver.digitalocean..",
                            "dev.machine.driver.generic..",
                            "dev.machine.driver.none..");

    @ArchTest
    static final ArchRule LIBRARIES_STAY_IN_THEIR_ADAPTERS =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("dev.machine.provisioning.ssh..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("net.schmizz..", "com.hierynomus..");

    /** What backtracks may take for ever with what a client, a node or a table gives it. */
    @ArchTest
    static final ArchRule THE_ENDPOINT_USES_NO_BACKTRACKING_PATTERNS =
            noClasses()
                    .that()
                    .resideInAPackage(SWARM)
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("java.util.regex..")
                    .orShould()
                    .callMethod(String.class, "matches", String.class)
                    .orShould()
                    .callMethod(String.class, "replaceAll", String.class, String.class)
                    .orShould()
                    .callMethod(String.class, "replaceFirst", String.class, String.class);

    @ArchTest
    static final ArchRule THE_DIGITALOCEAN_CLIENT_STAYS_IN_ITS_DRIVER =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("dev.machine.driver.digitalocean..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("com.myjeeva..", "org.apache.http..", "com.google.gson..");

    @ArchTest
    static final ArchRule ONLY_CLI_KNOWS_PICOCLI =
            noClasses()
                    .that()
                    .resideOutsideOfPackage(CLI)
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("picocli..");

    @ArchTest
    static final ArchRule PACKAGES_FORM_NO_CYCLE =
            slices().matching("dev.machine.(**)").should().beFreeOfCycles();

    /** A reader who meets a class must not have to ask which of two it is. */
    @ArchTest
    static void noTwoClassesHaveOneSimpleName(JavaClasses all) {
        Map<String, List<String>> byName =
                all.stream()
                        .filter(it -> it.isTopLevelClass())
                        .filter(it -> !it.getSimpleName().equals("package-info"))
                        .collect(
                                Collectors.groupingBy(
                                        JavaClass::getSimpleName,
                                        TreeMap::new,
                                        Collectors.mapping(
                                                JavaClass::getName, Collectors.toList())));
        byName.values().removeIf(names -> names.size() == 1);

        assertThat(byName).isEmpty();
    }

    private static ArchRule ownOnly(String own, String... others) {
        return noClasses()
                .that()
                .resideInAPackage(own)
                .should()
                .dependOnClassesThat(
                        JavaClass.Predicates.resideInAPackage("dev.machine..")
                                .and(
                                        DescribedPredicate.not(
                                                JavaClass.Predicates.resideInAnyPackage(
                                                        concat(others, own)))));
    }

    private static String[] concat(String[] first, String... more) {
        return Stream.concat(Arrays.stream(first), Arrays.stream(more)).toArray(String[]::new);
    }
}
