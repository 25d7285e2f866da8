using System.Text.Json;

namespace Headgate.Proxy.Plugins.Jwt;

/// <summary>Where a member of a <see cref="JwtObject"/> stands in its bytes. The name is unescaped, without its quotes; the value is as sent, a text's quotes included.</summary>
internal readonly record struct JwtMember(int NameStart, int NameLength, int ValueStart, int ValueLength, JsonTokenType Type);
