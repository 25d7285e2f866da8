using System.Globalization;
using System.Text;
using System.Text.Json;
using Headgate.Core.Config.Reading;
using Headgate.Proxy.Plugins.Texts;

namespace Headgate.Proxy.Plugins.JsonSchemas;

/// <summary>What is demanded of objects' members, found in one walk through them however many the schema names.</summary>
internal sealed class MembersRule : SchemaRule
{
    private const int StackNames = 64;
    private const int StackChars = 128;

    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _places;
    private readonly MemberSchema[] _members;

    /// <param name="members">Members that the schema names.</param>
    public MembersRule(MemberSchema[] members)
    {
        _members = members;
        _places = members.Select(static (member, place) => (member.Name, place)).ToDictionary(static entry => entry.Name, static entry => entry.place).GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Schemas of members whose names match.</summary>
    public (string Text, BytePattern Pattern, SchemaNode Schema)[] Patterns { get; init; } = [];

    /// <summary>Schema of members that neither have a schema of their own nor match a pattern; null = anything.</summary>
    public SchemaNode? Others { get; init; }

    /// <summary>Schema of the names; null = any.</summary>
    public SchemaNode? Names { get; init; }

    /// <summary>The fewest members.</summary>
    public int Min { get; init; }

    /// <summary>The most.</summary>
    public int Max { get; init; } = int.MaxValue;

    /// <inheritdoc/>
    public override IEnumerable<SchemaNode> InPlace => _members.Select(static member => member.DependentSchema).OfType<SchemaNode>();

    /// <inheritdoc/>
    public override string? Check(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object && (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > 0))
            return null;
        int count = value.ValueKind == JsonValueKind.Object ? value.GetPropertyCount() : 0;
        if (count < Min)
            return string.Create(CultureInfo.InvariantCulture, $"expect object to have at least {Min} properties");
        if (count > Max)
            return string.Create(CultureInfo.InvariantCulture, $"expect object to have at most {Max} properties");
        Span<bool> seen = _members.Length <= StackNames ? stackalloc bool[StackNames] : new bool[_members.Length];
        seen.Clear();
        if (count > 0)
        {
            foreach (JsonProperty member in value.EnumerateObject())
            {
                if (CheckMember(member, seen) is { } problem)
                    return problem;
            }
        }

        return CheckNames(value, seen);
    }

    private string? CheckMember(JsonProperty member, Span<bool> seen)
    {
        ReadOnlySpan<byte> name = JsonText.NameOf(member);
        bool isKnown = false;
        if (TryFind(name, out int place))
        {
            seen[place] = true;
            isKnown = _members[place].Schema is not null;
            if (_members[place].Schema?.Check(member.Value) is { } wrong)
                return $"property {LuaText.Quote(_members[place].Name)} validation failed: {wrong}";
        }

        foreach ((string text, BytePattern pattern, SchemaNode schema) in Patterns)
        {
            if (pattern.Find(name) == Found.No)
                continue;
            isKnown = true;
            if (schema.Check(member.Value) is { } wrong)
                return $"failed to validate {LuaText.Clip(member.Name)} (matching {LuaText.Quote(text)}): {wrong}";
        }

        if (!isKnown && Others?.Check(member.Value) is { } other)
            return Others.IsNever ? $"additional properties forbidden, found {LuaText.Clip(member.Name)}" : $"failed to validate additional property {LuaText.Clip(member.Name)}: {other}";
        return Names?.Check(JsonSerializer.SerializeToElement(member.Name)) is { } bad ? $"failed to validate property name {LuaText.Quote(member.Name)}: {bad}" : null;
    }

    private string? CheckNames(JsonElement value, ReadOnlySpan<bool> seen)
    {
        for (int i = 0; i < _members.Length; i++)
        {
            MemberSchema member = _members[i];
            if (!seen[i])
            {
                if (member.IsRequired)
                    return $"property {LuaText.Quote(member.Name)} is required";
                continue;
            }

            foreach (int needed in member.Needs)
            {
                if (!seen[needed])
                    return $"property {LuaText.Quote(_members[needed].Name)} is required when {LuaText.Quote(member.Name)} is set";
            }

            if (member.DependentSchema?.Check(value) is { } problem)
                return $"failed to validate dependent schema for {LuaText.Quote(member.Name)}: {problem}";
        }

        return null;
    }

    private bool TryFind(ReadOnlySpan<byte> name, out int place)
    {
        if (name.Length > StackChars)
            return _places.TryGetValue(Encoding.UTF8.GetString(name), out place);
        Span<char> characters = stackalloc char[StackChars];
        return _places.TryGetValue(characters[..Encoding.UTF8.GetChars(name, characters)], out place);
    }
}
