using System.Globalization;
using System.Text;
using Headgate.Testing;

namespace Headgate.Store.Tests;

/// <summary>The digest by which two processes know that they hold the same configuration.</summary>
public sealed class ConfigDigestTests
{
    [Fact]
    public void Text_DoesNotDependOnTheOrder_NorOnTheWayThere()
    {
        ConfigDigest loaded = Loaded(Entry("/apisix/routes/1", "a"), Entry("/apisix/routes/2", "b"));
        loaded.Text.Length.ShouldBe(32);
        Loaded(Entry("/apisix/routes/2", "b", revision: 9), Entry("/apisix/routes/1", "a", revision: 8)).Text.ShouldBe(loaded.Text);

        var applied = new ConfigDigest();
        applied.Apply(new StoreRevision(1, [Put("/apisix/routes/2", "x"), Put("/apisix/routes/3", "y")]));
        applied.Apply(new StoreRevision(2, [Put("/apisix/routes/1", "a"), new StoreChange("/apisix/routes/3", null), new StoreChange("/apisix/routes/4", null)]));
        applied.Text.ShouldNotBe(loaded.Text);
        applied.Apply(new StoreRevision(3, [Put("/apisix/routes/2", "b")]));
        applied.Text.ShouldBe(loaded.Text);
        applied.Keys.Order().ShouldBe(["/apisix/routes/1", "/apisix/routes/2"]);

        loaded.Load(new StoreView(4, []));
        (loaded.Text, loaded.Keys.Count).ShouldBe((new ConfigDigest().Text, 0));
        loaded.Text.ShouldBe(new string('0', 32));
    }

    [Theory]
    [InlineData("/a", "bc", "/ab", "c")] // the border between key and value counts
    [InlineData("/a", "b", "/b", "b")]
    [InlineData("/a", "b", "/a", "")]
    [InlineData("/a", "", "/a\0", "")]
    public void Text_TellsContentsApart(string key, string value, string otherKey, string otherValue) =>
        Loaded(Entry(key, value)).Text.ShouldNotBe(Loaded(Entry(otherKey, otherValue)).Text);

    [Fact]
    public void Text_TellsWhichKeyHasWhichValue() =>
        Loaded(Entry("/a", "1"), Entry("/b", "2")).Text.ShouldNotBe(Loaded(Entry("/a", "2"), Entry("/b", "1")).Text);

    [Fact]
    public void Set_AndRemove_SayWhetherAnythingIsDifferent()
    {
        var digest = new ConfigDigest();
        digest.Set(Entry("/a", "1")).ShouldBeTrue();
        digest.Set(Entry("/a", "1", revision: 7)).ShouldBeFalse();
        digest.Set(Entry("/a", "2")).ShouldBeTrue();
        digest.Remove("/a").ShouldBeTrue();
        digest.Remove("/a").ShouldBeFalse();
    }

    /// <summary>Whatever is loaded and applied in whatever order, the digest is that of what is held, computed at once.</summary>
    [Fact]
    public void Text_AfterAnyChanges_IsThatOfWhatIsHeld()
    {
        var random = new Random(TestSeed.Value);
        var held = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var digest = new ConfigDigest();
        for (int step = 1; step <= 2000; step++)
        {
            var changes = new List<StoreChange>();
            for (int i = random.Next(4); i >= 0; i--)
            {
                string key = $"/apisix/routes/{random.Next(30)}";
                if (changes.Exists(change => change.Key == key))
                    continue;
                string? value = random.Next(3) == 0 ? null : random.Next(5).ToString(CultureInfo.InvariantCulture);
                changes.Add(value is null ? new StoreChange(key, null) : Put(key, value));
                _ = value is null ? held.Remove(key) : (held[key] = value) is not null;
            }

            if (random.Next(10) == 0)
                digest.Load(new StoreView(step, [.. held.Select(static pair => Entry(pair.Key, pair.Value)).OrderBy(_ => random.Next())]));
            else
                digest.Apply(new StoreRevision(step, changes));
            digest.Text.ShouldBe(Loaded([.. held.Select(static pair => Entry(pair.Key, pair.Value))]).Text, customMessage: $"HEADGATE_SEED={TestSeed.Value}, step {step}");
            digest.Keys.Order(StringComparer.Ordinal).SequenceEqual(held.Keys).ShouldBeTrue($"HEADGATE_SEED={TestSeed.Value}, step {step}");
        }
    }

    private static ConfigDigest Loaded(params StoreEntry[] entries)
    {
        var digest = new ConfigDigest();
        digest.Load(new StoreView(1, entries));
        return digest;
    }

    private static StoreEntry Entry(string key, string value, long revision = 1) => new(key, Encoding.UTF8.GetBytes(value), 1, revision);

    private static StoreChange Put(string key, string value) => new(key, Entry(key, value));
}
