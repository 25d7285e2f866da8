namespace Headgate.Tests.Settings;

/// <summary><c>apisix.proxy_cache.zones</c>.</summary>
public sealed class CacheZoneTests
{
    [Theory]
    [InlineData("50m", 50L << 20)]
    [InlineData("2G", 2L << 30)]
    [InlineData("64k", 65536)]
    [InlineData("1", 1)]
    public void Size_Good_IsRead(string size, long bytes) =>
        Load.Good($"apisix: {{proxy_cache: {{zones: [{{name: a, memory_size: {size}}}, {{name: d, memory_size: 1m, disk_path: /tmp}}]}}}}").CacheZones.Items.Select(zone => (zone.Name, zone.Bytes))
            .ShouldBe([("a", bytes), ("d", 0)]);

    [Theory]
    [InlineData("name: a", "memory_size: missing")]
    [InlineData("name: a, memory_size: 0", "a number of bytes from 1, or one with k, m or g behind it, such as 50m")]
    [InlineData("name: a, memory_size: 5t", "a number of bytes from 1")]
    [InlineData("name: a, memory_size: m", "a number of bytes from 1")]
    [InlineData("memory_size: 1m", "name: missing")]
    [InlineData("name: a, memory_size: 1m, memory: 1", "memory")]
    public void Zone_Bad_IsRefused(string zone, string text) =>
        Load.Errors($"apisix: {{proxy_cache: {{zones: [{{{zone}}}]}}}}").ShouldContain(error => error.Contains(text));
}
