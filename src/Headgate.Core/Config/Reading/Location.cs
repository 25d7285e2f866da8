using System.Globalization;

namespace Headgate.Core.Config.Reading;

/// <summary>
/// A place in an object. Knows the path a person reads (<c>nodes[0].weight</c>) and the lead that APISIX's schema validator puts before a
/// problem found there (<c>property "nodes" validation failed: ...</c>). Texts are only built when there is something to say: a start
/// reads a hundred thousand nodes.
/// </summary>
public sealed class Location
{
    private readonly Location? _parent;
    private readonly Step _step;
    private readonly string _name;
    private readonly int _index;
    private readonly string? _verdict;

    private Location(Location? parent, Step step, string name, int index, string? verdict) =>
        (_parent, _step, _name, _index, _verdict) = (parent, step, name, index, verdict);

    private enum Step
    {
        Root,
        Property,
        Key,
        Item,
        Plugin,
    }

    /// <summary>The object as a whole.</summary>
    public static Location Root { get; } = new(null, Step.Root, "", 0, null);

    /// <summary>Whether it is the object as a whole.</summary>
    public bool IsRoot => _parent is null;

    /// <summary>Whether it is inside the configuration of a plugin.</summary>
    public bool IsInPlugin => _step == Step.Plugin || _parent is { IsInPlugin: true };

    /// <summary>What a person reads: <c>nodes[0].weight</c>; empty for the object as a whole.</summary>
    public string Path
    {
        get
        {
            string above = _parent?.Path ?? "";
            return _step switch
            {
                Step.Root => "",
                Step.Property or Step.Plugin => above.Length == 0 ? LuaText.Clip(_name) : $"{above}.{LuaText.Clip(_name)}",
                Step.Key => $"{above}[{LuaText.Quote(_name)}]",
                _ => string.Create(CultureInfo.InvariantCulture, $"{above}[{_index}]"),
            };
        }
    }

    // What the validator puts before a problem, from the outermost place inwards. It counts items from 1.
    private string Lead => _step switch
    {
        Step.Root => "invalid configuration: ",
        Step.Plugin => $"failed to check the configuration of plugin {LuaText.Clip(_name)} err: ",
        Step.Property => $"{_parent!.Lead}property {LuaText.Quote(_name)} validation failed: ",
        Step.Key => $"{_parent!.Lead}failed to validate {LuaText.Clip(_name)} (matching \".*\"): ",
        _ => string.Create(CultureInfo.InvariantCulture, $"{_parent!.Lead}failed to validate item {_index + 1}: "),
    };

    /// <summary>A member of the object here.</summary>
    public Location Property(string name) => new(this, Step.Property, name, 0, null);

    /// <summary>A member of an object with free keys here (labels).</summary>
    public Location Key(string name) => new(this, Step.Key, name, 0, null);

    /// <summary>An item of the list here; <paramref name="index"/> counts from 0.</summary>
    public Location Item(int index) => new(this, Step.Item, "", index, null);

    /// <summary>The configuration of a plugin, a member of the object here: its problems have a lead of their own.</summary>
    public Location Plugin(string name) => new(this, Step.Plugin, name, 0, null);

    /// <summary>
    /// The same place, where the validator tries several forms and only says that none fits: problems below get <paramref name="verdict"/> as
    /// their text, and what is really wrong after it in brackets.
    /// </summary>
    public Location WithVerdict(string verdict) => new(_parent, _step, _name, _index, verdict);

    /// <summary>The whole text for <paramref name="problem"/> found here.</summary>
    public string Describe(string problem)
    {
        Location? judge = null;
        for (Location? at = this; at is not null; at = at._parent)
            judge = at._verdict is null ? judge : at;

        return judge is null ? Lead + problem : $"{judge.Lead}{judge._verdict} ({Path}: {problem})";
    }
}
