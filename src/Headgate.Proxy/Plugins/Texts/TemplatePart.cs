using Headgate.Core.Primitives;

namespace Headgate.Proxy.Plugins.Texts;

/// <summary>A piece of a <see cref="RequestTemplate"/>.</summary>
/// <param name="Text">Text as written, UTF-8; of a variable: what stands for it where the request lacks it.</param>
/// <param name="Variable">The variable; null = none.</param>
/// <param name="Group">The captured group, 0 = the whole match; −1 = none.</param>
internal readonly record struct TemplatePart(byte[] Text, RequestVariable? Variable = null, int Group = -1);
