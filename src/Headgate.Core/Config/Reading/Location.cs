using System.Globalization;

namespace Headgate.Core.Config.Reading;

/// <summary>
/// A place in an object. Knows the path a person reads (<c>nodes[0].weight</c>) and the lead that APISIX's schema validator puts before a
/// problem found there (<c>property "nodes" validation failed: ...</c>). Texts are only built when there is something to say.
/// </summary>
internal sealed class Location
{
    private readonly Location? _parent;
    private readonly string _path;
    private readonly string? _lead;
    private readonly string? _verdict;

    private Location(Location? parent, string path, string? lead, string? verdict = null) =>
        (_parent, _path, _lead, _verdict) = (parent, path, lead, verdict);

    /// <summary>The object as a whole.</summary>
    public static Location Root { get; } = new(null, "", "invalid configuration: ");

    public bool IsRoot => _parent is null;

    public string Path
    {
        get
        {
            string above = _parent?.Path ?? "";
            return _lead is null && above.Length > 0 ? $"{above}.{_path}" : above + _path;
        }
    }

    /// <summary>A member of the object here.</summary>
    public Location Property(string name) => new(this, name, null);

    /// <summary>A member of an object with free keys here (labels).</summary>
    public Location Key(string name) => new(this, $"[{LuaText.Quote(name)}]", $"failed to validate {name} (matching \".*\"): ");

    /// <summary>An item of the list here; <paramref name="index"/> counts from 0.</summary>
    public Location Item(int index) => new(
        this,
        string.Create(CultureInfo.InvariantCulture, $"[{index}]"),
        string.Create(CultureInfo.InvariantCulture, $"failed to validate item {index + 1}: "));

    /// <summary>
    /// The same place, where the validator tries several forms and only says that none fits: problems below get <paramref name="verdict"/> as
    /// their text, and what is really wrong after it in brackets.
    /// </summary>
    public Location WithVerdict(string verdict) => new(_parent, _path, _lead, verdict);

    /// <summary>The whole text for <paramref name="problem"/> found here.</summary>
    public string Describe(string problem)
    {
        Location? judge = null;
        for (Location? at = this; at is not null; at = at._parent)
            judge = at._verdict is null ? judge : at;

        return judge is null ? Lead + problem : $"{judge.Lead}{judge._verdict} ({Path}: {problem})";
    }

    // A property is by far the most frequent place: its lead is derived from its name, the others carry theirs.
    private string Lead => _parent?.Lead + (_lead ?? $"property {LuaText.Quote(_path)} validation failed: ");
}
