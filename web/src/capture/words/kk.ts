export { default as reason } from '$catalog/kk/reason.json'
export { default as problem } from '$catalog/kk/problem.json'
export { default as technology } from '$catalog/kk/technology.json'
export { default as capture } from '$catalog/kk/capture.json'
