namespace Headgate.Testing;

/// <summary>The seed of random tests: from HEADGATE_SEED, else a new one each run. Print it with every failure.</summary>
public static class TestSeed
{
    /// <summary>The seed of this run.</summary>
    public static int Value { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("HEADGATE_SEED"), out int seed) ? seed : new Random().Next(1_000_000_000);
}
