using System.Text.Json;
using Headgate.Control.AdminApi.Json;

namespace Headgate.Control.AdminApi.Objects;

/// <summary>Makes what is stored: what the user wrote, with <c>id</c> as a string and the two times. No default is added.</summary>
internal static class StoredObject
{
    private static readonly string[] Times = ["create_time", "update_time"];

    /// <summary>The stored JSON. A time that is in <paramref name="value"/> stays, unless it is the update time and <paramref name="keepUpdateTime"/> is false.</summary>
    /// <param name="value">An object.</param>
    /// <param name="id">Goes in at the place of the client's own, else behind its members; null = the object has none but the client's own.</param>
    /// <param name="createTime">Unix seconds.</param>
    /// <param name="updateTime">Unix seconds.</param>
    /// <param name="times">Whether the two times go in.</param>
    /// <param name="keepUpdateTime">A PATCH that names an <c>update_time</c> keeps it, as in APISIX.</param>
    public static ReadOnlyMemory<byte> Build(JsonElement value, string? id, long createTime, long updateTime, bool times = true, bool keepUpdateTime = false) =>
        JsonText.Build((value, id, createTime, updateTime, times, keepUpdateTime), static (writer, state) =>
        {
            OrderedDictionary<string, JsonElement> members = JsonText.Members(state.value);
            writer.WriteStartObject();
            foreach ((string name, JsonElement member) in members)
            {
                if (name == "id" && state.id is not null)
                {
                    writer.WriteString(name, state.id);
                    continue;
                }

                if (name == "update_time" && state.times && !state.keepUpdateTime)
                {
                    writer.WriteNumber(name, state.updateTime);
                    continue;
                }

                writer.WritePropertyName(name);
                JsonText.Copy(writer, member);
            }

            if (state.id is not null && !members.ContainsKey("id"))
                writer.WriteString("id", state.id);
            if (state.times && !members.ContainsKey("create_time"))
                writer.WriteNumber("create_time", state.createTime);
            if (state.times && !members.ContainsKey("update_time"))
                writer.WriteNumber("update_time", state.updateTime);
            writer.WriteEndObject();
        });

    /// <summary>The refusal of a body that sets a time itself, in the object, its upstream or its plugins; null when it does not.</summary>
    public static AdminResponse? CheckTimes(JsonElement value)
    {
        foreach ((string prefix, JsonElement holder) in Holders(value))
        {
            foreach (string time in Times)
            {
                // Two blanks: that is what APISIX says.
                if (holder.TryGetProperty(time, out _))
                    return AdminResponse.Error(400, $"the property is forbidden:  {prefix}{time}");
            }
        }

        return null;
    }

    private static IEnumerable<(string Prefix, JsonElement Holder)> Holders(JsonElement value)
    {
        yield return ("", value);
        if (value.TryGetProperty("upstream", out JsonElement upstream) && upstream.ValueKind == JsonValueKind.Object)
            yield return ("upstream.", upstream);
        if (value.TryGetProperty("plugins", out JsonElement plugins) && plugins.ValueKind == JsonValueKind.Object)
            yield return ("plugins.", plugins);
    }
}
