namespace Headgate.Core.Config;

/// <summary>Sticky sessions: the upstream's <c>sticky</c>.</summary>
/// <param name="Cookie">The cookie that names the node.</param>
/// <param name="KeepWhileDraining">Whether a session stays on its node while the node is drained; default no: it moves at once.</param>
public sealed record StickyConfig(StickyCookieConfig Cookie, bool KeepWhileDraining);
