using System.Text.Json;

namespace Headgate.Core.Config.Reading;

/// <summary>Refuses the fields that hold Lua code.</summary>
internal static class LuaRefusal
{
    public static void Check(ObjectReader owner, string name)
    {
        if (!owner.TryGet(name, out JsonElement _))
            return;

        Location at = owner.At.Property(name);
        owner.Findings.Add(Phase.Check, at, $"{name} is not supported: Headgate runs no Lua; write the condition as vars,"
            + " a list of [variable, operator, value]");
    }
}
