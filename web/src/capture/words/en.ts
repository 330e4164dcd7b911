export { default as reason } from '$catalog/en/reason.json'
export { default as problem } from '$catalog/en/problem.json'
export { default as technology } from '$catalog/en/technology.json'
export { default as capture } from '$catalog/en/capture.json'
