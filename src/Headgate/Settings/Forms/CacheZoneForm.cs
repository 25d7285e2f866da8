using System.Globalization;
using Headgate.Proxy.Plugins.ProxyCache;
using Headgate.Settings.Source;

namespace Headgate.Settings.Forms;

/// <summary>A zone of <c>proxy-cache</c>, in APISIX's form: a mapping with <c>name</c> and <c>memory_size</c>; with <c>disk_path</c> it is on disk, where nothing is kept.</summary>
internal sealed class CacheZoneForm : SettingForm<CacheZoneOptions>
{
    private static readonly string[] Known = ["disk_path", "memory_size", "name"];
    private static readonly string[] WithoutEffect = ["cache_levels", "disk_size"];

    private static readonly SettingForm<long> Size = new ScalarForm<long>("a number of bytes from 1, or one with k, m or g behind it, such as 50m", TrySize, Text);

    /// <inheritdoc/>
    public override string Allowed => "a mapping with name, memory_size";

    /// <inheritdoc/>
    public override bool TryRead(SettingNode node, string path, SettingProblems problems, out CacheZoneOptions value)
    {
        value = null!;
        if (node is not SettingNode.Map map)
        {
            problems.NotAllowed(node, path, Allowed);
            return false;
        }

        var fields = new MapFields(map, path, problems, Known, WithoutEffect);
        string name = fields.Required("name", SettingForms.Text);
        long bytes = fields.Required("memory_size", Size);
        value = new CacheZoneOptions(name, fields.Optional("disk_path", SettingForms.OptionalText, null) is null ? bytes : 0);
        return fields.IsGood;
    }

    /// <inheritdoc/>
    public override string Show(CacheZoneOptions value) => $"{{name: {value.Name}, {(value.Bytes == 0 ? "on disk" : $"memory_size: {Text(value.Bytes)}")}}}";

    private static string Text(long bytes) => bytes % (1 << 20) == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes >> 20}m")
        : bytes.ToString(CultureInfo.InvariantCulture);

    private static bool TrySize(SettingNode.Scalar scalar, out long value)
    {
        string text = scalar.Text;
        int shift = text.Length == 0 ? 0 : char.ToLowerInvariant(text[^1]) switch
        {
            'k' => 10,
            'm' => 20,
            'g' => 30,
            _ => 0,
        };
        bool good = long.TryParse(shift == 0 ? text : text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out value) && value is > 0 and <= 1L << 22;
        good |= shift == 0 && value is > 0 and <= 1L << 40;
        value <<= shift;
        return good;
    }
}
