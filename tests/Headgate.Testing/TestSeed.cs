using System.Globalization;

namespace Headgate.Testing;

/// <summary>The seed of a test run's random numbers: <c>HEADGATE_SEED</c>, else a fixed one. Print it in what a failure says.</summary>
public static class TestSeed
{
    /// <summary>The seed.</summary>
    public static int Value { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("HEADGATE_SEED"), NumberStyles.Integer, CultureInfo.InvariantCulture, out int seed) ? seed : 20_261_121;

    /// <summary>A new generator from the seed; <paramref name="salt"/> tells several of one test apart.</summary>
    public static Random NewRandom(int salt = 0) => new(unchecked(Value + (salt * 7919)));

    /// <summary><c>HEADGATE_SEED=n</c>, for failure texts.</summary>
    public static string Text => $"HEADGATE_SEED={Value}";
}
