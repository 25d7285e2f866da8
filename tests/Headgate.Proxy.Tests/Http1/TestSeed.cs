using System.Globalization;

namespace Headgate.Proxy.Tests.Http1;

/// <summary>The seed of a random test: HEADGATE_SEED, else a new one; printed, so that a failure can be repeated.</summary>
internal static class TestSeed
{
    internal static int Next()
    {
        string? given = Environment.GetEnvironmentVariable("HEADGATE_SEED");
        int seed = given is null ? (int)(System.Diagnostics.Stopwatch.GetTimestamp() & int.MaxValue) : int.Parse(given, CultureInfo.InvariantCulture);
        TestContext.Current.TestOutputHelper?.WriteLine($"HEADGATE_SEED={seed}");
        return seed;
    }
}
