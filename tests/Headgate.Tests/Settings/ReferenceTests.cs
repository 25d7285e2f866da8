using Headgate.Settings;
using Headgate.Tests.Tidy;

namespace Headgate.Tests.Settings;

public sealed class ReferenceTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Repository.Root, "docs/reference/configuration.md"));

    [Fact]
    public void Reference_HasARowForEveryKey_AndNoOther()
    {
        string[] rows = [.. Text.Split('\n').Where(l => l.StartsWith("| `", StringComparison.Ordinal))];
        string[] expected = [.. SettingTable.Keys.Select(Row)];

        rows.ShouldBe(expected, "docs/reference/configuration.md: write the rows as SettingTable has them:\n" + string.Join('\n', expected));
    }

    [Fact]
    public void Reference_ListsEveryKeyWithoutEffect()
    {
        string[] listed = [.. Text.Split('\n').Where(l => l.StartsWith("- `", StringComparison.Ordinal)).Select(l => l.Split('`')[1])];

        listed.ShouldBe([.. KeysWithoutEffect.All.Select(k => k.Path)]);
    }

    private static string Row(SettingKey key) => $"| `{key.Path}` | {key.Allowed.Replace("|", "\\|")} | {(key.DefaultText.Length == 0 ? "none" : $"`{key.DefaultText}`")} | {key.Meaning} |";
}
